/** Service principals: the names by which AWS services act, read from their table. Dated knowledge: a name that is missing may exist. */
import data from '../../data/service-principals.json' with { type: 'json' };
import { editDistance } from './distance.ts';
import { memo } from './memo.ts';

/** The day of the table, `2026-11-22`. */
export const SERVICE_PRINCIPALS_DATE: string = data.date;

/** Whether the principal stands in AWS's own policies, guides or examples: `sagemaker.amazonaws.com`. Letter case counts. */
export function isSeenService(principal: string): boolean {
  return seen().has(nameOf(principal));
}

/** Whether the service is documented to name the account or the resource that it acts for when it reaches a resource, or when it assumes a role. A Region in the name does not count. */
export function namesItsSource(principal: string, when: 'direct' | 'roles'): boolean {
  const names = when === 'direct' ? direct() : roles();
  const name = nameOf(principal);
  return names.has(name) || names.has(name.replace(REGION, ''));
}

/** Prefixes of services that the service reaches without naming a source, though it names one elsewhere: a condition on it would shut the service out. */
export function unsaidIn(principal: string): readonly string[] {
  return unsaid().get(nameOf(principal)) ?? [];
}

/** The one principal of the table that differs by a letter, or by two where the name is long; undefined where none does, or several do. */
export function similarService(principal: string): string | undefined {
  const name = nameOf(principal);
  const limit = name.length >= 9 ? 2 : 1;
  if (name.length < 5 || name.length > LONGEST) return undefined;
  const near = [...seen()].filter((other) => editDistance(name, other, limit) <= limit);
  return near.length === 1 ? `${near[0]}${ENDING}` : undefined;
}

const ENDING = '.amazonaws.com';
const LONGEST = 60;
const REGION = /\.[a-z]{2}(-[a-z]+)+-\d+$/;

function nameOf(principal: string): string {
  return principal.endsWith(ENDING) ? principal.slice(0, -ENDING.length) : principal;
}

const seen = memo(() => words(data.seen));
const direct = memo(() => words(data.direct));
const unsaid = memo((): ReadonlyMap<string, readonly string[]> => new Map(Object.entries(data.unsaid)));
const roles = memo(() => words(data.roles));

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
