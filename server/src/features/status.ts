/** Status: why a file is, or is not, seen as a policy, and why there is no finding. Plain data for whoever shows it. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Finding } from '../finding/finding.ts';
import { isPolicyDocument, nearestEffect } from '../policy/kind.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import { levelOf } from '../rules/charge.ts';
import { RULES } from '../rules/index.ts';
import { sourceText } from '../text/text.ts';
import { readJson } from '../value/json.ts';
import { type Entry, entryOf, literalOf, PLAIN_JSON, type Value, walkValue } from '../value/value.ts';

/** What is known of one source. */
export interface Status {
  readonly policies: readonly {
    readonly address: string;
    readonly kind: PolicyKind;
    readonly because: string;
    readonly statements: number;
  }[];
  /** Why the source holds no policy; empty where it holds one. */
  readonly notPolicy: string;
  readonly findings: number;
  /** Findings that are not shown, and why. `by`: a comment in the file, or the configuration. */
  readonly hidden: readonly {
    readonly rule: string;
    readonly message: string;
    readonly start: number;
    readonly reason: string;
    readonly by: 'comment' | 'config';
  }[];
  /** Findings that are part of a bigger one. */
  readonly swallowed: number;
  readonly rulesOff: readonly string[];
  /** What cannot be seen before deployment. */
  readonly unknowns: readonly string[];
  /** The configuration file; empty without one. */
  readonly config: string;
  readonly preset: Config['preset'];
  readonly catalog: { readonly date: string; readonly ageDays: number | undefined };
}

/** The status of the source with that path and text; `analysis` is undefined where no host reads it. `today` is `YYYY-MM-DD`. */
export function statusOf(
  source: { readonly path: string; readonly text: string },
  analysis: ModuleAnalysis | undefined,
  context: { readonly catalog: Catalog; readonly config: Config; readonly today: string },
): Status {
  const here = (finding: Finding) => finding.span.source === source.path;
  const policies = (analysis?.policies ?? []).filter((policy) => policy.site.span.source === source.path);
  const judgement = analysis?.judgement;
  return {
    policies: policies.map((policy) => ({
      address: policy.site.address,
      kind: policy.kind,
      because: kindReason(policy),
      statements: policy.statements.length,
    })),
    notPolicy:
      policies.length > 0
        ? ''
        : analysis
          ? whyNone(source.text, analysis)
          : 'Leastwise does not read files of this kind.',
    findings: judgement?.findings.filter(here).length ?? 0,
    hidden: (judgement?.ignored ?? [])
      .filter(({ finding }) => here(finding))
      .map(({ finding, by }) => ({
        rule: finding.rule,
        message: finding.message,
        start: finding.span.start,
        reason: 'reason' in by ? by.reason : '',
        by: 'directive' in by && by.directive ? 'comment' : 'config',
      })),
    swallowed: (judgement?.swallowed ?? []).filter(({ finding }) => here(finding)).length,
    rulesOff: RULES.filter((rule) => levelOf(rule, context.config) === 'off').map((rule) => rule.id),
    unknowns: policies.flatMap(unknownsOf),
    config: context.config.path,
    preset: context.config.preset,
    catalog: { date: context.catalog.date, ageDays: daysBetween(context.catalog.date, context.today) },
  };
}

function kindReason(policy: Policy): string {
  const { site } = policy;
  if (site.kind) return site.holder ? `${site.holder} holds ${article(policy.kind)} policy there` : 'its place says so';
  switch (policy.kind) {
    case 'identity':
      return 'no statement has a Principal';
    case 'trust':
      return 'it has a Principal, no Resource, and only actions of STS for assuming a role';
    default:
      return 'a statement has a Principal';
  }
}

function article(kind: PolicyKind): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function unknownsOf(policy: Policy): readonly string[] {
  const name = policy.site.address || 'the policy';
  const found: string[] = [];
  if (policy.open) found.push(`${name} may have statements that are known at deploy time only`);
  for (const statement of policy.statements) {
    const open = [
      ...(statement.action?.open ? ['actions'] : []),
      ...(statement.resource?.open ? ['resources'] : []),
      ...(statement.principal?.open ? ['principals'] : []),
      ...(statement.conditionsOpen ? ['conditions'] : []),
    ];
    if (open.length > 0)
      found.push(
        `statement ${statement.index + 1} of ${name} may have more ${open.join(', ')}, known at deploy time only`,
      );
  }
  return found;
}

/** Why a file that a host reads has no policy: the nearest thing to one, and what it lacks. */
function whyNone(text: string, analysis: ModuleAnalysis): string {
  if (text.length > LARGEST) return 'No policy was found in this large file.';
  if (analysis.host.id !== 'json') return 'No argument or block of this file holds a policy that can be seen.';
  if (!text.includes('Statement')) return 'There is no "Statement" in this file.';
  const { value } = readJson(sourceText('', text), { source: '', start: 0, end: text.length }, PLAIN_JSON);
  const reasons: string[] = [];
  if (value)
    walkValue(value, (inner) => {
      const list = inner.kind === 'object' ? entryOf(inner, 'Statement') : undefined;
      if (list && !isPolicyDocument(inner)) reasons.push(whyNot(inner, list));
      return reasons.length === 0;
    });
  return reasons[0] ?? 'No object of this file has "Statement" as a key.';
}

const LARGEST = 1_000_000;

function whyNot(value: Value, list: Entry): string {
  const items = list.value.kind === 'list' ? list.value.items.map((item) => item.value) : [list.value];
  const statements = items.filter((item) => item.kind === 'object');
  if (statements.length === 0) return '"Statement" holds no objects.';
  const version = value.kind === 'object' ? literalOf(entryOf(value, 'Version')?.value) : undefined;
  if (version !== undefined && !/^\d{4}-\d/.test(version))
    return `The version "${version.slice(0, 40)}" is not one of AWS.`;
  const effect = statements.some(
    (statement) => nearestEffect(literalOf(entryOf(statement, 'Effect')?.value) ?? '') !== undefined,
  );
  if (!effect) return 'No entry of "Statement" has an "Effect" of Allow or Deny.';
  const action = statements.some((statement) => entryOf(statement, 'Action') || entryOf(statement, 'NotAction'));
  if (!action) return 'No entry of "Statement" has an "Action" or "NotAction".';
  return 'Its actions or resources are not those of AWS IAM.';
}

/** Whole days from one `YYYY-MM-DD` to another; undefined where one is none. */
function daysBetween(from: string, to: string): number | undefined {
  const [a, b] = [dayNumber(from), dayNumber(to)];
  return a === undefined || b === undefined ? undefined : b - a;
}

/** Days since 1 March of the year 0 in the Gregorian calendar. */
function dayNumber(date: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const shifted = (Number(month) + 9) % 12;
  const y = Number(year) - (Number(month) < 3 ? 1 : 0);
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((shifted * 306 + 5) / 10) +
    Number(day) -
    1
  );
}
