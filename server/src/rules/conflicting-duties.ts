/** conflicting-duties: one identity holds two duties that two should hold, such as training a model and approving it. */
import type { Catalog } from '../catalog/catalog.ts';
import type { Conflict, Duty } from '../config/config.ts';
import type { Level } from '../finding/finding.ts';
import { conflictsOf, type HeldConflict } from '../identities/conflicts.ts';
import type { Holding } from '../identities/holding.ts';
import { packOf } from '../identities/packs.ts';
import type { Policy } from '../policy/policy.ts';
import type { Span } from '../text/text.ts';
import { separateDuties } from './narrowing/duties.ts';
import type { DocumentRule, Draft, RuleContext } from './rule.ts';

/** Source: NIST SP 800-53 AC-5 (separation of duties), ISO/IEC 27002 A.5.3, AWS's machine learning governance guidance. */
export const conflictingDuties: DocumentRule = {
  id: 'conflicting-duties',
  on: 'document',
  summary: 'One identity holds two duties that separate identities should hold',
  level: 'warning',
  kinds: ['identity'],
  subject: 'identity',
  check: checkDuties,
};

/** Statements that cannot be seen may deny. One finding for a document: the gravest pair is said, the others are related places. */
function* checkDuties(policy: Policy, context: RuleContext): Iterable<Draft> {
  const { catalog, config, facts } = context;
  if (policy.open) return;
  const held = conflictsOf(packOf(config), policy.statements, catalog, facts);
  const [first, ...rest] = [...held].sort((a, b) => gravity(b) - gravity(a));
  if (first) yield { ...toDraft(first, rest, catalog), fixes: () => separateDuties(policy, first, said, context) };
}

/** Warnings before information; then by severity. */
function gravity(one: HeldConflict): number {
  return (levelOf(one) === 'warning' ? 10 : 0) + SEVERITY[one.conflict.severity];
}

const SEVERITY: Readonly<Record<Conflict['severity'], number>> = { critical: 2, high: 1, medium: 0 };

function toDraft(one: HeldConflict, rest: readonly HeldConflict[], catalog: Catalog): Draft {
  const [first, second] = one.ways;
  const more =
    rest.length > 0 ? `, and holds ${rest.length} more pair${rest.length === 1 ? '' : 's'} of conflicting duties` : '';
  return {
    message: `one identity can \`${said(one.duties[0])}\` and \`${said(one.duties[1])}\`${more}`,
    span: placeOf(second),
    duties: [one, ...rest].map((other) => other.conflict.between),
    related: [
      { span: placeOf(first), message: `\`${spelled(first.action, catalog)}\` lets it ${said(one.duties[0])}` },
      {
        span: placeOf(second),
        message: `\`${spelled(second.action, catalog)}\` lets it ${said(one.duties[1])}: ${lowerFirst(one.conflict.because).replace(/\.$/, '')}`,
      },
      ...rest.map((other) => ({
        span: placeOf(other.ways[1]),
        message: `also ${said(other.duties[0])} and ${said(other.duties[1])}`,
      })),
    ],
    ...(levelOf(one) === 'info' ? { level: 'info' } : {}),
  };
}

/**
 * Critical and high conflicts are warnings, medium ones are information. So are those that are only possible, and those
 * in which nothing speaks of machine learning, audit or named data: a deploy role of another trade holds them too.
 */
function levelOf(one: HeldConflict): Level {
  if (one.possible || one.conflict.severity === 'medium') return 'info';
  return one.ways.some(isEvident) ? 'warning' : 'info';
}

/** Whether the action itself makes the duty plain, or a resource that lies within those that the duty is about. */
function isEvident(way: Holding): boolean {
  if (/^(sagemaker|sagemaker-mlflow|bedrock):/.test(way.action)) return true;
  const literal = way.item?.text.flat.toLowerCase() === way.action;
  return way.named || (literal && /^(cloudtrail|config):/.test(way.action));
}

function placeOf(way: Holding): Span {
  return way.item?.span ?? way.statement.head;
}

/** The action as AWS spells it. */
function spelled(action: string, catalog: Catalog): string {
  const found = catalog.action(action);
  return found ? `${found.service}:${found.name}` : action;
}

function said(duty: Duty): string {
  return lowerFirst(duty.title);
}

/** `Read PII` keeps its capitals, `Change what` does not. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
