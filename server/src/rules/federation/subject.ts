/** Values for the subject of a token that let strangers in, or that no token has. */
import { knownSubjects, type OidcProvider, type Subject } from '../../catalog/oidc-providers.ts';
import { demands, operatorOf } from '../../policy/condition.ts';
import { claimOf } from '../../policy/federation.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { Condition, Policy, Statement } from '../../policy/policy.ts';
import { displayText, HOLE, hasHole, knownText, type Span, type Text } from '../../text/text.ts';
import type { TextValue } from '../../value/value.ts';
import { narrowSubject, type Opening, openingOf } from '../narrowing/subjects.ts';
import type { Draft, RuleContext } from '../rule.ts';
import { narrowTo, rewriteTo } from './fixes.ts';
import { type ClaimTest, claimTests, isPositive, mayDenyStrangers, providerOfIssuer } from './statement.ts';

const GITHUB = 'token.actions.githubusercontent.com';

/** A value that a subject is compared with, and what the table knows of such subjects. */
interface Candidate {
  readonly value: TextValue;
  readonly span: Span;
  readonly test: ClaimTest;
  readonly statement: Statement;
  readonly provider: OidcProvider;
  readonly subjects: readonly Subject[];
}

/** Looks at the conditions of an Allow. */
export function* subjectFindings(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const tests = claimTests(statement);
  for (const test of tests) {
    const { claim, condition } = test;
    if (claim.name !== 'sub' || condition.presence === 'sometimes' || !isPositive(condition)) continue;
    for (const candidate of candidatesOf(test, statement)) {
      if (context.config.preset === 'access-analyzer') yield* unspecific(candidate);
      else yield* judged(candidate, tests, policy);
    }
  }
}

/** The values that are always there and whose form the table knows: by the issuer, else by the word that they begin with. */
function candidatesOf(test: ClaimTest, statement: Statement): readonly Candidate[] {
  const { condition, claim } = test;
  const own = providerOfIssuer(claim.issuer);
  return condition.values.flatMap(({ value, span, presence }): readonly Candidate[] => {
    if (value.kind !== 'text' || presence === 'sometimes') return [];
    const { flat } = value.text;
    const forms = own
      ? own.subjects.map((subject) => ({ provider: own, subject }))
      : knownSubjects().filter(({ subject }) => flat.startsWith(subject.literals[0] ?? ''));
    const provider = forms[0]?.provider;
    return provider ? [{ value, span, test, statement, provider, subjects: forms.map(({ subject }) => subject) }] : [];
  });
}

/** What Access Analyzer says of GitHub's subjects: they have a wildcard, or name no branch. */
function* unspecific({ value, span, test, provider, subjects }: Candidate): Iterable<Draft> {
  const { text } = value;
  if (test.claim.issuer !== GITHUB) return;
  if (!isPattern(text.flat) && (hasHole(text) || /^repo:[^:]+:ref:refs\//.test(text.flat))) return;
  yield {
    message: `\`${displayText(text)}\` does not name one repository and branch`,
    span,
    ...RECOMMENDED,
    fixes: () => narrowTo(value, displayText(text), narrowSubject(text.flat, subjects, provider)),
  };
}

const RECOMMENDED = {
  accessAnalyzer: 'SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
  accessAnalyzerType: 'WARNING',
} as const;

function* judged(candidate: Candidate, tests: readonly ClaimTest[], policy: Policy): Iterable<Draft> {
  const { value, span, test, provider, subjects } = candidate;
  const { flat } = value.text;
  const code = test.claim.issuer === GITHUB && isPattern(flat) ? RECOMMENDED : {};
  const mistake = mistakeOf(candidate);
  if (mistake) {
    yield { message: mistake.message, span, ...code, fixes: () => [rewriteTo(value, mistake.right)] };
    return;
  }
  const { base } = operatorOf(test.condition.operator) ?? {};
  const opening = base === 'StringLike' ? openingOf(flat, subjects) : undefined;
  if (!opening || mayDenyStrangers(policy.statements) || isBound(candidate, tests, opening)) return;
  const name = displayText(value.text);
  yield {
    message: `\`${name}\` admits ${opening.of ?? 'names that begin alike'}, such as \`${filled(opening.stranger, value.text)}\``,
    span,
    level: isGrave(candidate, opening) ? 'warning' : 'info',
    ...code,
    fixes: () => (hasHole(value.text) ? [] : narrowTo(value, name, narrowSubject(flat, subjects, provider))),
  };
}

/** Less so where the issuer is not known, or has its own customers only. */
function isGrave({ test, statement, provider }: Candidate, { level }: Opening): boolean {
  const certain = test.claim.issuer !== undefined && statement.presence === 'always';
  return certain && level === 'warning' && provider.unbound === 'warning';
}

/** A subject of GitHub that lacks a word without which no token has it. */
function mistakeOf({ value, test }: Candidate): { readonly message: string; readonly right: string } | undefined {
  const text = knownText(value.text);
  if (text === undefined || test.claim.issuer !== GITHUB) return undefined;
  if (/^[\w.-]+\/[\w.*-]+(:|$)/.test(text))
    return {
      message: `\`${text}\` is the subject of no token, since it does not begin with \`repo:\``,
      right: `repo:${text}`,
    };
  const branch = /^(repo:[^/:]+\/[^/:]+:)(refs\/.*)$/.exec(text);
  return branch
    ? {
        message: `\`${text}\` is the subject of no token, since \`ref:\` is missing before \`refs/\``,
        right: `${branch[1]}ref:${branch[2]}`,
      }
    : undefined;
}

/** Whether another claim shuts strangers out, or may: a condition that cannot be seen may ask for one. */
function isBound({ test, statement, provider }: Candidate, tests: readonly ClaimTest[], { level }: Opening): boolean {
  if (mayHideClaims(statement)) return true;
  const others = tests.filter(
    ({ claim, condition }) =>
      condition !== test.condition &&
      (claim.issuer === undefined || test.claim.issuer === undefined || claim.issuer === test.claim.issuer) &&
      claim.name !== 'aud' &&
      mayDemand(condition),
  );
  const binding = [...provider.required, ...provider.tying];
  return others.length > 0 && (level === 'info' || others.some(({ claim }) => binding.includes(claim.name)));
}

function mayDemand(condition: Condition): boolean {
  return !operatorOf(condition.operator) || condition.presence === 'sometimes' || condition.open || demands(condition);
}

/** Whether a condition may be there of which not even the claim can be seen. */
function mayHideClaims({ conditionEntry, conditions, conditionsOpen }: Statement): boolean {
  if (!conditionsOpen) return false;
  const block = conditionEntry?.value;
  if (block?.kind !== 'object' || block.open) return true;
  return (
    block.entries.some(({ value }) => value.kind !== 'object' || value.open) ||
    conditions.some((condition) => hasHole(condition.key) && !claimOf(condition))
  );
}

/** The text with the names of another's holes, which it has in the same order. */
function filled(text: string, { parts }: Text): string {
  const symbols = parts.flatMap((part) => (part.kind === 'hole' ? [part.symbol ?? ''] : []));
  return text.split(HOLE).reduce((done, rest, index) => `${done}\${${symbols[index - 1] ?? ''}}${rest}`);
}
