/** Questions: what is asked about one step of a path, as the places, the context and the principal of its requests. */
import { globOf, lettersOf } from '../../access/glob.ts';
import type { Request } from '../../access/request.ts';
import type { Term, Test } from '../../access/terms.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { stepContext, stepResource } from '../../catalog/escalation-paths.ts';
import { templateGlob } from '../../catalog/resource-types.ts';

/** One step, where it has to be possible: on some resource, or on one that no policy would name. */
export interface Question {
  readonly step: string;
  readonly where: 'somewhere' | 'anywhere';
  /** Services of which one has to get the role; empty for all but the passing of roles. */
  readonly receivers: readonly string[];
  /** What the same principal has to meet for the other steps. */
  readonly principal: readonly Test[];
}

/** Equal names for equal questions. */
export function nameOf({ step, receivers, principal }: Question): string {
  const tests = principal.map(
    ({ operator, key, values }) =>
      `${Object.values(operator).join(' ')} ${key} ${values.map(({ pattern }) => pattern.name).join()}`,
  );
  return [step, ...receivers, ...tests].join('\0');
}

/** What the step acts on: all that it may be about, or something with a name that no policy says. */
export function placesOf({ step, where }: Question, catalog: Catalog): readonly Term[] {
  const types = catalog.action(step)?.resourceTypes ?? [];
  const own = stepResource(step);
  const required = types.filter((type) => (own === undefined ? type.required : type.type === own));
  const about = required.length > 0 ? required : types;
  const keys = (where === 'anywhere' ? about.slice(0, 1) : about).map(({ type }) => type);
  if (keys.length === 0) return [{ pattern: lettersOf('*') }];
  const service = catalog.service(step.slice(0, step.indexOf(':')));
  const arns = (service?.resourceTypes ?? []).filter((type) => keys.includes(type.key)).flatMap(({ arns }) => arns);
  return arns.map((arn) => ({ pattern: globOf(where === 'anywhere' ? unheardOf(arn) : templateGlob(arn)) }));
}

/** An ARN of the template with names that nobody gave. */
function unheardOf(template: string): string {
  const fields = template.split(':');
  const name = fields
    .slice(5)
    .join(':')
    .replace(/\$\{[^}]*\}/g, 'any-name-at-all');
  return [...fields.slice(0, 5).map(templateGlob), name].join(':');
}

/** What the request carries beside: what the step fixes, and which service gets a role. */
export function contextOf({ step, receivers }: Question): readonly Test[] {
  const fixed = Object.entries(stepContext(step)).map(([key, value]) =>
    value === '' ? test('Null', key, ['true']) : test('StringEquals', key, [value]),
  );
  const passed =
    receivers.length > 0
      ? test('StringEquals', 'iam:PassedToService', receivers)
      : test('Null', 'iam:PassedToService', ['true']);
  return [...fixed, passed];
}

function test(base: string, key: string, values: readonly string[]): Test {
  const operator = { base, negated: false, ifExists: false, qualifier: undefined };
  return { operator, key: key.toLowerCase(), values: values.map((value) => ({ pattern: lettersOf(value) })) };
}

/** Tests that hold for the principal of the request, and for those alone who are like it in what the others ask. */
export function samePrincipal({ context }: Request, asked: readonly Test[]): readonly Test[] {
  const keys = new Set([...asked.map(({ key }) => key), ...Object.keys(context).filter(isOfPrincipal)]);
  return [...keys].map((key) => {
    const value = context[key];
    if (value === undefined) return test('Null', key, ['true']);
    return test('StringEquals', key, [typeof value === 'string' ? value : (value[0] ?? '')]);
  });
}

/** Keys that tell one principal of an account from another. */
export function isOfPrincipal(key: string): boolean {
  return /^(aws:(principalarn|principaltag\/.*|userid|username|sourceidentity)|sts:rolesessionname|saml:.*)$/.test(key);
}
