/** wildcard-action: a wildcard takes in actions that write or manage permissions, today's and tomorrow's. */
import { and, countBits, isEmpty, or } from '../catalog/bits.ts';
import { type Match, matchesEverything } from '../catalog/match.ts';
import type { Service } from '../catalog/service.ts';
import { isPattern } from '../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';
import { type Actions, changing, namesOf } from './facts.ts';
import { narrowAction } from './narrowing/actions.ts';
import { RISK_RULES } from './risk-rules.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Security best practices in IAM"; access levels as in the Service Authorization Reference. */
export const wildcardAction: StatementRule = {
  id: 'wildcard-action',
  on: 'statement',
  summary: 'A wildcard takes in actions that write or manage permissions, today’s and tomorrow’s',
  level: 'warning',
  kinds: ['identity'],
  effect: 'Allow',
  clause: 'Action',
  subject: 'document',
  implies: ['privilege-escalation', ...RISK_RULES],
  equivalents: [
    'checkov:CKV_AWS_49',
    'checkov:CKV_AWS_63',
    'cloudsplaining:ServiceWildcard',
    'cfn_nag:F3',
    'trivy:AVD-AWS-0057',
    'cfn_nag:F4',
    'cfn_nag:F5',
    'cfn_nag:F20',
    'trivy:AWS-0057',
    'trivy:AWS-0114',
    'trivy:AWS-0120',
    'trivy:AWS-0345',
    'checkov:CKV2_AWS_40',
  ],
  check: checkWildcards,
};

/** What one item of the clause takes in. */
interface Wild {
  readonly item: ClauseItem;
  readonly pattern: string;
  readonly message: string;
  readonly grave: boolean;
}

function* checkWildcards(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const { action } = statement;
  if (action?.negated) return;
  const { items } = context.facts(statement);
  const wild = (action?.items ?? []).flatMap((item, index): readonly Wild[] => {
    const pattern = knownText(item.text);
    if (pattern === undefined || !isPattern(pattern) || item.presence === 'sometimes') return [];
    if (matchesEverything(pattern))
      return [{ item, pattern, message: `\`${pattern}\` allows every action of every service`, grave: true }];
    const found = described(pattern, items[index] ?? []);
    return found ? [{ item, pattern, ...found }] : [];
  });
  const first = wild.find((one) => one.grave) ?? wild[0];
  if (!first) return;
  const others = wild.filter((one) => one !== first);
  yield {
    message: first.message,
    span: first.item.span,
    related: others.map((one) => ({ span: one.item.span, message: one.message })),
    ...(first.grave && statement.presence === 'always' ? {} : { level: 'info' }),
    fixes: () => narrowAction(first.item, first.pattern, statement, policy, context),
  };
}

/** What was said of a pattern, by the matches that the catalog hands out again for it. */
const DESCRIBED = new WeakMap<readonly Match[], { readonly pattern: string; readonly found: Described | undefined }>();

interface Described {
  readonly message: string;
  readonly grave: boolean;
}

function described(pattern: string, matches: readonly Match[]): Described | undefined {
  const known = DESCRIBED.get(matches);
  if (known?.pattern === pattern) return known.found;
  const found = describe(pattern, matches);
  DESCRIBED.set(matches, { pattern, found });
  return found;
}

/** What the pattern takes in that changes something; undefined where it only reads. Grave: all of a service that can be written to, or the power to change permissions. */
function describe(pattern: string, matches: readonly Match[]): Described | undefined {
  const permissions = pick(matches, (match) => match.service.levels['Permissions management']);
  const writing = pick(matches, (match) =>
    or(match.service.levels.Write, match.service.levels['Permissions management']),
  );
  const whole = wholeOf(matches);
  if (writing.length === 0) return undefined;
  const named = permissions.length > 0 ? permissions : writing;
  const verbs = permissions.length > 0 ? ['manages permissions', 'manage permissions'] : ['writes', 'write'];
  const message = whole
    ? `\`${pattern}\` allows all ${whole.names.length} actions of \`${whole.prefix}\`, among them ${listed(writing)}`
    : `\`${pattern}\` takes in ${listed(named)}, which ${verbs[countOf(named) === 1 ? 0 : 1]}`;
  return { message, grave: (whole !== undefined && !CHANNELS.has(whole.prefix)) || permissions.length > 0 };
}

/** Services through which the agent of Systems Manager talks, and nothing else does: it takes all that they have. Source: Systems Manager User Guide, "Reference: ec2messages, ssmmessages". */
const CHANNELS: ReadonlySet<string> = new Set(['ec2messages', 'ssmmessages']);

/** The service of which the matches are all actions, where it has more than one. */
function wholeOf([match, ...others]: readonly Match[]): Service | undefined {
  if (!match || others.length > 0) return undefined;
  return match.count === match.service.names.length && match.count > 1 ? match.service : undefined;
}

function pick(matches: readonly Match[], level: (match: Match) => Uint32Array): readonly Actions[] {
  return matches.flatMap((match) => {
    const bits = and(and(match.bits, level(match)), changing(match.service));
    return isEmpty(bits) ? [] : [{ service: match.service, bits }];
  });
}

function countOf(actions: readonly Actions[]): number {
  return actions.reduce((sum, { bits }) => sum + countBits(bits), 0);
}

function listed(actions: readonly Actions[]): string {
  const bare = (name: string) => (actions.length === 1 ? name.slice(name.indexOf(':') + 1) : name);
  const names = namesOf(actions, 3).map((name) => `\`${bare(name)}\``);
  const more = countOf(actions) - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : (names[0] ?? '');
}
