/** Difference: what one policy allows that another does not, in groups that people can read, each with a request. Says "at least": what could not be decided is left out and counted. */
import { compare } from './compare.ts';
import type { Request } from './request.ts';
import type { StatementTerms, Term, Terms } from './terms.ts';

type Statements = readonly StatementTerms[];

/** Actions on resources that one statement adds; texts as in the policy. `conditions` are the keys that it tests. */
export interface AccessGroup {
  readonly statement: number;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly witness: Request;
}

/** What is gained and what is lost. `undecided` counts what could not be told. */
export interface Difference {
  readonly gained: readonly AccessGroup[];
  readonly lost: readonly AccessGroup[];
  readonly undecided: number;
}

/** What `after` allows and `before` does not, and the other way round. */
export function difference(before: Statements, after: Statements): Difference {
  const gained = gainOf(before, after);
  const lost = gainOf(after, before);
  return { gained: gained.groups, lost: lost.groups, undecided: gained.undecided + lost.undecided };
}

/** Alternatives of a clause that are told apart; longer lists are taken as a whole. */
const MOST_APART = 40;

function gainOf(before: Statements, after: Statements): { groups: readonly AccessGroup[]; undecided: number } {
  const groups: AccessGroup[] = [];
  let undecided = 0;
  const denies = after.filter(({ effect }) => effect === 'Deny');
  const gain = (statement: StatementTerms) => {
    const answer = compare(before, [statement, ...denies]);
    if (answer.verdict === 'unknown') undecided += 1;
    return answer.verdict === 'new-access' ? answer.witness : undefined;
  };
  for (const statement of after) {
    if (statement.effect !== 'Allow' || !gain(statement)) continue;
    for (const one of apart(statement, 'action')) {
      if (!gain(one)) continue;
      const parts = apart(one, 'resource').flatMap((part) => {
        const witness = gain(part);
        return witness ? [{ part, witness }] : [];
      });
      const [first] = parts;
      if (first)
        addGroup(
          groups,
          statement,
          textsOf(one.action),
          parts.flatMap(({ part }) => textsOf(part.resource)),
          first.witness,
        );
    }
  }
  return { groups, undecided };
}

/** The statement with one alternative of the clause at a time. */
function apart(statement: StatementTerms, clause: 'action' | 'resource'): readonly StatementTerms[] {
  const own = statement[clause];
  if (!own || own.negated || own.hidden !== undefined || own.terms.length > MOST_APART) return [statement];
  return own.terms.map((term) => ({ ...statement, [clause]: { negated: false, terms: [term] } }));
}

function textsOf(clause: Terms<Term> | undefined): readonly string[] {
  if (!clause) return ['*'];
  const texts = clause.terms.map(({ pattern }) => pattern.text);
  return clause.negated ? [`everything but ${texts.join(', ')}`] : texts;
}

function addGroup(
  groups: AccessGroup[],
  statement: StatementTerms,
  actions: readonly string[],
  resources: readonly string[],
  witness: Request,
): void {
  const at = groups.findIndex(
    (group) => group.statement === statement.index && group.resources.join('\n') === resources.join('\n'),
  );
  const known = groups[at];
  if (known) groups[at] = { ...known, actions: [...known.actions, ...actions] };
  else {
    const conditions = [...new Set(statement.tests.map(({ key }) => key))];
    groups.push({ statement: statement.index, actions, resources, conditions, witness });
  }
}
