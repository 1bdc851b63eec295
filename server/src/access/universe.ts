/**
 * Universe: the actions and resources that there are, as somebody else knows them, and requests made of them. Only makes
 * witnesses lifelike; no answer rests on it.
 */
import type { Request } from './request.ts';
import type { StatementTerms } from './terms.ts';
import { isResource } from './witness.ts';

/** What AWS has today. */
export interface Universe {
  /** The actions that a pattern matches, as AWS spells them. */
  readonly actions: (pattern: string) => Iterable<string>;
  /** The ARNs of what an action can be asked of, with `${Placeholder}` and wildcards; none where it can be asked of `*` only. */
  readonly resources: (action: string) => readonly string[];
}

/** Requests that are tried. */
const MOST_REQUESTS = 400;

/** A request like `witness` with an action and a resource that there are, the first that is wanted; `witness` itself where none is found. */
export function realistic(
  witness: Request,
  statements: readonly StatementTerms[],
  universe: Universe,
  isWanted: (request: Request) => boolean,
): Request {
  let left = MOST_REQUESTS;
  for (const action of actionsOf(witness, statements, universe)) {
    const templates = universe.resources(action);
    const resources =
      templates.length === 0 ? ['*'] : templates.flatMap((template) => filledIn(template, witness, statements));
    for (const resource of resources) {
      if (left-- < 0) return witness;
      const request = { ...witness, action, resource };
      if (isWanted(request)) return request;
    }
  }
  return witness;
}

/** The witness's own action if there is one, then those of the statements' patterns. */
function* actionsOf(witness: Request, statements: readonly StatementTerms[], universe: Universe): Iterable<string> {
  yield* universe.actions(witness.action);
  const patterns = statements.flatMap(({ action }) => action?.terms.map(({ pattern }) => pattern.text) ?? []);
  for (const pattern of [...new Set(patterns), '*']) {
    let left = 40;
    for (const action of universe.actions(pattern)) {
      if (left-- < 0) break;
      yield action;
    }
  }
}

/** ARNs of the template: the witness's own and the statements' where they are of its form, then one with names of its own. */
function filledIn(template: string, witness: Request, statements: readonly StatementTerms[]): readonly string[] {
  const patterns = statements.flatMap(({ resource }) => resource?.terms.map(({ pattern }) => pattern.text) ?? []);
  const form = template.split(':')[2];
  const own = [witness.resource, ...patterns.map((text) => text.replace(/[*?]+/g, 'example'))];
  const alike = own.filter((text) => isResource(text) && text.split(':')[2] === form && !text.includes('${'));
  return [...new Set([...alike, exampleOf(template)])];
}

function exampleOf(template: string): string {
  return template
    .replace(/\$\{Partition\}/g, 'aws')
    .replace(/\$\{Region\}/g, 'us-east-1')
    .replace(/\$\{Account\}/g, '111122223333')
    .replace(/\$\{\w+\}|\*/g, 'example');
}
