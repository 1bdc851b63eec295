/**
 * Turns NotAction into Action and back, over what the statement's own resources can take today. Resources that name no
 * service leave the rest of AWS, which nobody would read.
 */
import { andNot, type Bits, fullBits, isEmpty } from '../../catalog/bits.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { shrinkActions } from '../../catalog/shrink.ts';
import type { Edit } from '../../finding/edit.ts';
import type { Clause, Statement } from '../../policy/policy.ts';
import type { Actions } from '../facts.ts';
import { definiteArns } from '../narrowing/arns.ts';
import { replaceInClause } from '../narrowing/clause-edits.ts';
import { takenBy } from '../narrowing/types.ts';
import { isSettled, knownItems } from './settled.ts';
import { namesIn } from './wildcards.ts';

/** Items that a list may have. */
const MOST_ITEMS = 40;

/** Ways to say the clause by its opposite, the shortest first: patterns, then names. */
export function invert(statement: Statement, clause: Clause, catalog: Catalog): readonly (readonly Edit[])[] {
  const patterns = isSettled(clause) ? knownItems(clause.items) : undefined;
  const own = definiteArns(statement);
  if (!patterns || !own || own.some((arn) => /[*?]/.test(arn.split(':', 3)[2] ?? ''))) return [];
  const services = [...new Set(own.map((arn) => arn.split(':', 3)[2] ?? ''))].map((prefix) => catalog.service(prefix));
  if (!services.every((service) => service !== undefined)) return [];
  const all = takenBy(
    services.map((service): Actions => ({ service, bits: fullBits(service.names.length) })),
    own,
  );
  const said = new Map<string, Bits[]>();
  for (const { service, bits } of patterns.flatMap((pattern) => catalog.match(pattern)))
    said.set(service.prefix, [...(said.get(service.prefix) ?? []), bits]);
  const rest = all.flatMap(({ service, bits }): readonly Actions[] => {
    const left = (said.get(service.prefix) ?? []).reduce<Bits>(andNot, bits);
    return isEmpty(left) ? [] : [{ service, bits: left }];
  });
  const ways = [
    rest.flatMap(({ service, bits }) => shrinkActions(service, bits)),
    rest.flatMap(({ service, bits }) => namesIn(service, bits)),
  ];
  return ways.flatMap((plain) => toEdits(clause, plain) ?? []);
}

function toEdits(clause: Clause, plain: readonly string[]): readonly (readonly Edit[])[] | undefined {
  if (plain.length === 0 || plain.length > MOST_ITEMS) return undefined;
  const edits = replaceInClause(clause, clause.items, plain);
  const key = clause.negated ? clause.key : `Not${clause.key}`;
  return edits && [[{ kind: 'rename', entry: clause.entry, key }, ...edits]];
}
