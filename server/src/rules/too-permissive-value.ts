/** too-permissive-value: a wildcard or variable makes a condition on an account, an organization or a caller hold for strangers. */
import type { Policy, Statement } from '../policy/policy.ts';
import { type Variable, variablesOf } from '../policy/variable.ts';
import { displayText, HOLE, spanOf, type Text } from '../text/text.ts';
import { conditionFacts } from './condition-facts.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "AWS global condition context keys", Sensitive condition keys; Access Analyzer, "Wildcard usage too permissive" and "Variable usage too permissive". */
export const tooPermissiveValue: StatementRule = {
  id: 'too-permissive-value',
  on: 'statement',
  summary: 'A wildcard or variable stands in a value that tells whose request it is',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: ['VARIABLE_USAGE_TOO_PERMISSIVE', 'WILDCARD_USAGE_TOO_PERMISSIVE'],
  equivalents: ['parliament:SINGLE_VALUE_CONDITION_TOO_PERMISSIVE'],
  check: checkValues,
};

/** Keys that AWS calls sensitive, all in lower case. As of 2026-11. */
const SENSITIVE: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
]);

/** Letters that a wildcard needs in front of it where the key names the caller of an identity provider. */
const ENOUGH = 6;

function* checkValues(statement: Statement, policy: Policy, { catalog, config }: RuleContext): Iterable<Draft> {
  const strict = config.preset === 'access-analyzer';
  for (const condition of statement.conditions) {
    const { operator, name } = conditionFacts(condition, catalog);
    if (operator?.base !== 'StringLike') continue;
    const guard = guardOf(name ?? '');
    if (!guard) continue;
    const opens = operator.negated === (statement.effect.answer === 'Deny') && statement.effect.answer !== 'unknown';
    for (const { value } of condition.values) {
      if (value.kind !== 'text') continue;
      // A star alone asks whether there is a value at all: harmless where that keeps more out.
      if (!opens && !strict && LONE_STAR.test(value.text.flat)) continue;
      for (const use of tooWide(value.text, guard, policy.language, strict)) {
        yield {
          message: `\`${shown(use.spelled)}\` ${SAID[guard](displayText(condition.key))}`,
          span: spanOf(value.text, use.at, use.at + use.spelled.length) ?? value.span,
          ...(opens ? {} : { level: 'info' }),
          accessAnalyzer: use.isVariable ? 'VARIABLE_USAGE_TOO_PERMISSIVE' : 'WILDCARD_USAGE_TOO_PERMISSIVE',
          accessAnalyzerType: 'ERROR',
        };
      }
    }
  }
}

/** What is nothing but `*`, or may be. */
const LONE_STAR = new RegExp(`^[*${HOLE}]*$`);

/** Why a key is guarded: it names an account or the like, the caller's id, or the caller of a provider of web identities. */
type Guard = 'sensitive' | 'userid' | 'subject';

const SAID: Readonly<Record<Guard, (key: string) => string>> = {
  sensitive: (key) => `in \`${key}\` takes in ids of strangers`,
  userid: (key) => `in the id of \`${key}\` takes in more callers than one`,
  subject: (key) => `behind fewer than ${ENOUGH} letters of \`${key}\` takes in strangers`,
};

function guardOf(key: string): Guard | undefined {
  if (SENSITIVE.has(key)) return 'sensitive';
  if (key === 'aws:userid') return 'userid';
  // Issuers of web identities are hosts: they have a dot, which no service prefix has.
  return key.endsWith(':sub') && key.includes('.') ? 'subject' : undefined;
}

interface Use {
  readonly at: number;
  readonly spelled: string;
  readonly isVariable: boolean;
}

/** The first wildcard and the first variable that say too little. */
function tooWide(text: Text, guard: Guard, language: Policy['language'], strict: boolean): readonly Use[] {
  const uses = usesOf(text, language);
  const isWide = WIDE[guard](text.flat, strict);
  const wide = uses.filter((use, i) => isWide(use, uses[i - 1]));
  return [wide.find((use) => !use.isVariable), wide.find((use) => use.isVariable)].filter((use) => use !== undefined);
}

/** Whether a use in that text says too little; `before` is the use before it. */
type Judge = (flat: string, strict: boolean) => (use: Use, before: Use | undefined) => boolean;

const WIDE: Readonly<Record<Guard, Judge>> = {
  sensitive: (_flat, strict) => (use) => strict || !SENSITIVE.has(use.spelled.slice(2, -1).trim().toLowerCase()),
  userid: (flat) => {
    const plain = flat.replace(VARIABLE, (spelled) => '_'.repeat(spelled.length));
    if (!plain.includes(':')) return () => !plain.includes(HOLE);
    const id = flat.slice(0, plain.indexOf(':'));
    const last = id.length - 1;
    const isOpen = id.includes(HOLE);
    return (use) => !isOpen && use.at <= last && use.spelled !== id;
  },
  subject: (flat, strict) => {
    const isNamed = IDENTIFIED.test(flat);
    return (use, before) => {
      if (!strict && (before || isNamed)) return false;
      const run = flat.slice(before ? before.at + before.spelled.length : 0, use.at);
      return run.length < ENOUGH && !run.includes(HOLE);
    };
  },
};

const VARIABLE = new RegExp(`\\$\\{[^}${HOLE}]*\\}`, 'g');

/** An id that GitHub never gives again, as it stands in subjects since 2026: who has it is no stranger, whatever the names are. */
const IDENTIFIED = /@\d{5}/;

/** Wildcards and variables in order; letters such as `${*}` and, in the language of 2008, `${aws:username}` are neither. */
function usesOf(text: Text, language: Policy['language']): readonly Use[] {
  const { flat } = text;
  const variables = variablesOf(text).filter(({ fault, name }) => fault === undefined && !name.includes(HOLE));
  const starts = new Map(variables.map((variable): [number, Variable] => [variable.at, variable]));
  return [...flat.matchAll(MARKS)].flatMap(({ 0: spelled, index }): readonly Use[] => {
    const variable = starts.get(index);
    if (!variable) return spelled.length > 1 ? [] : [{ at: index, spelled, isVariable: false }];
    return language === '2012-10-17' ? [{ at: index, spelled: flat.slice(index, variable.end), isVariable: true }] : [];
  });
}

/** A hole in front of `*}` may be the head of `${*}`. */
const MARKS = new RegExp(`\\$\\{[^}]*\\}?|${HOLE}[*?]\\}|[*?]`, 'g');
