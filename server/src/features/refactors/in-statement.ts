/** Refactors of one statement: into several, or with others into one. */
import type { Clause } from '../../policy/policy.ts';
import { statementNames } from '../../rules/needless.ts';
import { type Difference, merge, mergeable } from '../../rules/shapes/merge.ts';
import { isWhole } from '../../rules/shapes/settled.ts';
import { type Share, sharesByLevel, sharesByResource, sharesByService, splitInto } from '../../rules/shapes/split.ts';
import type { Draft, Place } from './refactor.ts';

/** Those of the statement at the cursor. */
export function inStatement(place: Place): readonly Draft[] {
  return [...merged(place), ...split(place)];
}

const DIFFERENCES: Readonly<Record<Difference, string>> = {
  Action: 'actions',
  Resource: 'resources',
  Principal: 'principals',
};

/** Into this statement, or, where words cannot be moved here, into the other. */
function merged({ policy, statement }: Place): readonly Draft[] {
  return [...mergeable(policy, statement)].flatMap(([difference, others]): readonly Draft[] => {
    const [only] = others;
    const verb = others.length === 1 ? 'differs' : 'differ';
    const title = `Merge with ${statementNames(others)}, which ${verb} in ${DIFFERENCES[difference]} only`;
    const ways = [
      merge(policy, statement, others, difference),
      ...(only && others.length === 1 ? [merge(policy, only, [statement], difference)] : []),
    ];
    return ways.flatMap((edits) => (edits ? [{ title, safety: 'same', edits }] : []));
  });
}

function split(place: Place): readonly Draft[] {
  const { statement, catalog } = place;
  const { action, resource } = statement;
  if (!isWhole(statement)) return [];
  return [
    ...parted(place, action, sharesByService(statement), 'by service'),
    ...parted(place, action, sharesByLevel(statement, catalog), 'by access level'),
    ...parted(place, resource, sharesByResource(statement), 'by resource'),
  ];
}

function parted(
  { policy, statement }: Place,
  clause: Clause | undefined,
  shares: readonly Share[] | undefined,
  how: string,
): readonly Draft[] {
  const edits = clause && shares && splitInto(policy, statement, clause, shares);
  if (!edits) return [];
  const title = `Split the statement into ${shares.length}, ${how}`;
  if (shares.every(({ plain }) => plain.length === 0)) return [{ title, safety: 'same', edits }];
  const { answer } = statement.effect;
  const lost = answer === 'Allow' ? 'allowed' : 'denied';
  const safety = answer === 'Allow' ? 'narrows' : 'changes';
  return [{ title: `${title} (wildcards by what they take in today: others are no longer ${lost})`, safety, edits }];
}
