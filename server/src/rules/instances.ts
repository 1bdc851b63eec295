/**
 * Instances: what rules say of policies as calls and defaults make them, beyond what they say of the policies' own texts.
 * Of the second wave, and of what is for information only, nothing is said: a text that many read need not be the
 * plainest for each of them.
 */
import type { Finding, Related } from '../finding/finding.ts';
import type { Cause, Instance, Module } from '../policy/module.ts';
import { readPolicy } from '../policy/read.ts';
import { contains } from '../text/text.ts';
import { type Active, type Charge, type ChargeBench, charge } from './charge.ts';
import { type CleanPolicies, contentName } from './clean.ts';
import type { RuleContext } from './rule.ts';

/** What is found in a module's instances; `said` is what was found in its policies, `clean` what is known to be without flaw. What several calls lead to is said once, and names them all. */
export function chargeInstances(
  module: Module,
  said: readonly Charge[],
  rules: readonly Active[],
  context: RuleContext,
  bench: ChargeBench,
  clean?: CleanPolicies,
): readonly Charge[] {
  const { instances = [], sources } = module;
  if (instances.length === 0 || bench.config.preset === 'access-analyzer') return [];
  const own = new Set(sources.map(({ path }) => path));
  const before = new Set(said.map(({ finding }) => placeOf(finding)));
  const found = new Map<string, Charge>();
  for (const instance of instances) {
    for (const one of beyondBase(instance, rules, context, bench, clean)) {
      const place = placeOf(one.finding);
      if (before.has(place)) continue;
      const known = found.get(place);
      const finding = known ? joined(known.finding, instance.cause) : worded(one.finding, instance, own);
      found.set(place, known ? { ...known, finding } : { ...one, finding, instance });
    }
  }
  return [...found.values()];
}

function placeOf({ rule, span }: Finding): string {
  return `${rule} ${span.start} ${span.end} ${span.source}`;
}

/** What is graver than information, and is not said of the text by itself. */
function beyondBase(
  { site, base, origins }: Instance,
  rules: readonly Active[],
  context: RuleContext,
  bench: ChargeBench,
  clean: CleanPolicies | undefined,
): readonly Charge[] {
  const policy = readPolicy(site);
  const name = policy && clean ? `instance ${contentName(policy)}` : undefined;
  if (name !== undefined && clean?.has(name)) return [];
  const asked = rules.filter(({ rule }) => !HARMLESS.has(rule.id));
  const isGiven = ({ span }: Finding) => origins.some((origin) => contains(origin, span));
  const found = (policy ? charge(policy, asked, context, bench) : []).filter(
    ({ finding }) => finding.level !== 'info' && (!COMPOSED.has(finding.rule) || isGiven(finding)),
  );
  if (found.length === 0 && name !== undefined) clean?.add(name);
  const plain = found.length > 0 && base ? readPolicy(base) : undefined;
  if (!plain) return found;
  const said = charge(plain, rules, context, bench);
  const places = new Set(said.map(({ finding }) => placeOf(finding)));
  return found.filter((one) => !places.has(placeOf(one.finding)) && !said.some((bigger) => takesIn(bigger, one)));
}

/** What costs nothing in a text that serves many: words that do nothing where this caller is concerned. */
const HARMLESS: ReadonlySet<string> = new Set([
  'action-resource-mismatch',
  'redundant-condition',
  'unsupported-condition-key',
  'unsupported-tag-condition',
]);

/** What is a slip in a word that somebody wrote, and nothing in one that a text puts together for many. */
const COMPOSED: ReadonlySet<string> = new Set(['unknown-action', 'unknown-service']);

/** Whether what is said of the text by itself is the bigger finding of the same statement. */
function takesIn(bigger: Charge, { rule, statement }: Charge): boolean {
  if (!bigger.rule.implies?.includes(rule.id)) return false;
  const [a, b] = [bigger.statement?.value.span, statement?.value.span];
  return a === undefined || (b !== undefined && a.start === b.start && a.source === b.source);
}

/** The finding with the words that say on what it rests. Fixes are offered only in texts that the module alone reads. */
function worded(finding: Finding, { site, cause }: Instance, own: ReadonlySet<string>): Finding {
  const { fixes, ...plain } = finding;
  const rest = { ...plain, address: site.address };
  if (cause.kind === 'default')
    return { ...rest, level: 'info', message: `${finding.message}, by the default of ${listed(cause.variables)}` };
  if (own.has(finding.span.source)) {
    const related: Related = { span: site.span, message: `it becomes part of \`${site.address}\` here` };
    return { ...rest, related: [...finding.related, related], ...(fixes ? { fixes } : {}) };
  }
  const how = cause.kind === 'call' ? `as \`${cause.name}\` calls it` : `as \`${cause.name}\` reads it`;
  return joined({ ...rest, message: `${finding.message}, ${how}` }, cause);
}

const MOST_CALLS = 10;

function joined(finding: Finding, cause: Cause): Finding {
  if (cause.kind === 'default' || finding.related.length >= MOST_CALLS) return finding;
  const { span, kind } = cause;
  if (finding.related.some((one) => one.span.start === span.start && one.span.source === span.source)) return finding;
  const message = kind === 'call' ? 'it is called so here' : 'it is read so here';
  return { ...finding, related: [...finding.related, { span, message }] };
}

const MOST_NAMED = 3;

function listed(variables: readonly string[]): string {
  const named = variables.slice(0, MOST_NAMED).map((name) => `\`var.${name}\``);
  const rest = variables.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(' and ').replace(/ and (?=.* and )/g, ', ');
}
