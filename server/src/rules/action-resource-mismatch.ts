/** action-resource-mismatch: an action that none of the statement's resources can be a resource of, so that it has no effect there. */
import { eachBit } from '../catalog/bits.ts';
import type { Match } from '../catalog/match.ts';
import type { Service } from '../catalog/service.ts';
import { arnFields } from '../policy/arn-fields.ts';
import type { ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, HOLE, hasHole, type Text } from '../text/text.ts';
import type { Facts } from './facts.ts';
import { mayBeOf, type Reach, reachOf } from './reach.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference, "Resource types": an action without any can only be granted on `*`. */
export const actionResourceMismatch: StatementRule = {
  id: 'action-resource-mismatch',
  on: 'statement',
  summary: 'An action matches none of the resources of its statement',
  level: 'warning',
  kinds: ['identity', 'boundary', 'session'],
  clause: 'Resource',
  subject: 'document',
  equivalents: ['parliament:RESOURCE_MISMATCH', 'cfn-lint:I3510'],
  check: checkActions,
};

function* checkActions(statement: Statement, _policy: Policy, { facts, catalog }: RuleContext): Iterable<Draft> {
  const { action, resource } = statement;
  const arns = resource?.items ?? [];
  if (!action || action.negated || resource?.negated || resource?.open || arns.length === 0) return;
  const known = facts(statement);
  const found = MISMATCHES.get(known) ?? mismatchesIn(known, arns);
  MISMATCHES.set(known, found);
  const mismatched = found.flatMap(({ index, types }): readonly Mismatch[] => {
    const item = action.items[index];
    return item ? [{ item, types }] : [];
  });
  const first = mismatched.find(({ types }) => types.length > 0) ?? mismatched[0];
  if (!first) return;
  yield {
    message: messageOf(first, arns, catalog.date),
    span: first.item.span,
    related: mismatched
      .filter((one) => one !== first)
      .map(({ item }) => ({ span: item.span, message: `\`${displayText(item.text)}\` matches none of them either` })),
    ...(first.types.length > 0 ? {} : { level: 'info' }),
  };
}

/** An action by its place in the clause, and the types that it acts on; none where it cannot be scoped. */
interface Found {
  readonly index: number;
  readonly types: readonly string[];
}

/** By the facts of statements, which equal content shares. */
const MISMATCHES = new WeakMap<Facts, readonly Found[]>();

function mismatchesIn({ items }: Facts, arns: readonly ClauseItem[]): readonly Found[] {
  const patterns = arns.map(({ text }) => patternOf(text));
  if (patterns.some((pattern) => !pattern.startsWith('arn:'))) return [];
  const loose = patterns.filter((pattern, index) => /[:/]\*+$/.test(pattern) || arns[index]?.text.flat !== pattern);
  const reaches = new Map<Service, Reach>();
  return items.flatMap((matches, index): readonly Found[] =>
    matchesNone(matches, patterns, loose, reaches) ? [{ index, types: typesOf(matches) }] : [],
  );
}

/** The pattern of a resource; what stands behind a hole that may hold colons can be any field of the ARN, so all behind it is a star. */
function patternOf(text: Text): string {
  if (!hasHole(text)) return text.flat;
  const { head, resource } = arnFields(text);
  const certain = resource ? text.flat : `${text.flat.slice(0, (head.at(-1)?.to ?? -1) + 1)}*`;
  return certain.replaceAll(HOLE, '*');
}

/** An item of the Action clause and the types that its actions act on; none where they cannot be scoped. */
interface Mismatch {
  readonly item: ClauseItem;
  readonly types: readonly string[];
}

/**
 * Services of which AWS documents two APIs under one prefix; of an action that both have, the reference names the types
 * of one only. Nothing is definite there.
 */
const SHARED_PREFIXES: ReadonlySet<string> = new Set(['apigateway', 'elasticloadbalancing', 'ses']);

/** Whether the pattern takes in actions, and none of them can reach any of the resources. What cannot be scoped may still reach the `loose` ones, that end in a star or have holes. */
function matchesNone(
  matches: readonly Match[],
  patterns: readonly string[],
  loose: readonly string[],
  reaches: Map<Service, Reach>,
): boolean {
  if (matches.length === 0) return false;
  return matches.every(({ service, bits }) => {
    if (SHARED_PREFIXES.has(service.prefix)) return false;
    const reach = reaches.get(service) ?? reachOf(service, patterns);
    reaches.set(service, reach);
    const open = loose.some((pattern) => mayBeOf(pattern, service));
    for (const index of eachBit(bits)) {
      const types = service.resourcesOf(index);
      if (types.length === 0 ? open : types.some(({ type }) => reach.touches(type))) return false;
    }
    return true;
  });
}

function typesOf(matches: readonly Match[]): readonly string[] {
  const all = matches.flatMap(({ service, bits }) => [...eachBit(bits)].flatMap((index) => service.resourcesOf(index)));
  const ordered = all.sort((a, b) => Number(b.required) - Number(a.required) || a.type.length - b.type.length);
  return [...new Set(ordered.map(({ type }) => type))];
}

/** That an action takes no resource is said softly: AWS checks some of them on a resource that its reference does not name. */
function messageOf({ item, types }: Mismatch, arns: readonly ClauseItem[], date: string): string {
  const pattern = displayText(item.text);
  const spelled = arns.map(({ text }) => `\`${displayText(text)}\``);
  const resources = spelled.length === 1 ? spelled[0] : 'these resources';
  if (types.length === 0)
    return `\`${pattern}\` takes no resource as of ${date}, so ${resources} may not let it through`;
  const named = types
    .slice(0, 3)
    .map((type) => `\`${type}\``)
    .join(', ');
  return `\`${pattern}\` has no effect on ${resources}, since it acts on ${named}${types.length > 3 ? ' and others' : ''}`;
}
