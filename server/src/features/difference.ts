/** Difference: what a policy gains and loses against another, its actions by access level, for people to read. Decides nothing itself. */
import { type AccessGroup, difference } from '../access/difference.ts';
import { readDocument } from '../access/documents.ts';
import type { Request } from '../access/request.ts';
import { and, countBits } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../catalog/service.ts';
import type { PolicyKind } from '../policy/module.ts';

/** Actions as the policy writes them that take in some of a level, and how many of today's actions these are. `Unknown`: AWS defines none that they take in. */
export interface LevelActions {
  readonly level: AccessLevel | 'Unknown';
  readonly actions: readonly string[];
  readonly count: number;
}

/** What one statement adds: actions on resources under the condition keys that it tests, with a request. Levels that can do harm come first. */
export interface AccessChange {
  readonly statement: number;
  readonly levels: readonly LevelActions[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly witness: Request;
}

/** What is gained and lost, by statement. `undecided` counts what could not be told; `reason` says why where a policy cannot be read. */
export interface DifferenceReport {
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
  readonly undecided: number;
  readonly reason?: string;
}

/** What the proposed policy allows and the existing one does not, and the other way round; both are JSON text. */
export function differenceOf(
  {
    existing,
    proposed,
    kind,
  }: { readonly existing: string; readonly proposed: string; readonly kind?: PolicyKind | undefined },
  catalog: Catalog,
): DifferenceReport {
  const [before, after] = [readDocument(existing, kind), readDocument(proposed, kind)];
  if (typeof before === 'string') return unreadable(`the existing policy ${before}`);
  if (typeof after === 'string') return unreadable(`the proposed policy ${after}`);
  const { gained, lost, undecided } = difference(before, after);
  const changes = (groups: readonly AccessGroup[]) => groups.map((group) => changeOf(group, catalog));
  return { gained: changes(gained), lost: changes(lost), undecided };
}

function unreadable(reason: string): DifferenceReport {
  return { gained: [], lost: [], undecided: 1, reason };
}

function changeOf({ statement, actions, resources, conditions, witness }: AccessGroup, catalog: Catalog): AccessChange {
  const matches = actions.map((text) => ({ text, found: catalog.match(text) }));
  const levels = GRAVEST.flatMap((level): readonly LevelActions[] => {
    const counts = matches.map(({ text, found }) => ({
      text,
      count: found.reduce((sum, { service, bits }) => sum + countBits(and(bits, service.levels[level])), 0),
    }));
    const some = counts.filter(({ count }) => count > 0);
    const count = some.reduce((sum, one) => sum + one.count, 0);
    return count === 0 ? [] : [{ level, actions: some.map(({ text }) => text), count }];
  });
  const unknown = matches.flatMap(({ text, found }) => (found.length === 0 ? [text] : []));
  const rest: readonly LevelActions[] = unknown.length > 0 ? [{ level: 'Unknown', actions: unknown, count: 0 }] : [];
  return { statement, levels: [...levels, ...rest], resources, conditions, witness };
}

const GRAVEST: readonly AccessLevel[] = [
  'Permissions management',
  'Write',
  ...ACCESS_LEVELS.filter((level) => level !== 'Permissions management' && level !== 'Write').toReversed(),
];
