/** policy-variable: a policy variable is misspelled, or stands where none is read. */
import { familyOf } from '../access/operators.ts';
import type { Fix } from '../finding/finding.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { isKeyLike, type Variable, variablesOf } from '../policy/variable.ts';
import { spanOf, type Text } from '../text/text.ts';
import type { TextValue } from '../value/value.ts';
import { conditionFacts } from './condition-facts.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM policy elements: Variables and tags": only from 2012-10-17 on, in Resource and in string comparisons. */
export const policyVariable: StatementRule = {
  id: 'policy-variable',
  on: 'statement',
  summary: 'A policy variable is misspelled, or stands where none is read',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: [
    'EMPTY_VARIABLE',
    'INVALID_VARIABLE_FOR_OPERATOR',
    'MISSING_BRACE_IN_VARIABLE',
    'MISSING_QUOTE_IN_VARIABLE',
    'UNSUPPORTED_SPACE_IN_VARIABLE',
    'VARIABLE_UNSUPPORTED_IN_ELEMENT',
    'VARIABLE_UNSUPPORTED_IN_VERSION',
  ],
  check: checkVariables,
};

function* checkVariables(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  const found = variablesIn(statement).flatMap((one) => judged(one, context));
  if (policy.language === '2008-10-17') yield* unread(found, policy, context);
  if (policy.language !== '2012-10-17') return;
  for (const one of found) {
    const fault = one.place.reads === 'yes' ? misspelled(one) : unsupported(one, context);
    if (fault) yield fault;
  }
}

/** A text of the statement. `reads`: whether variables are read there, else what stands there instead. */
interface Place {
  readonly value: TextValue;
  readonly reads: 'yes' | 'Action' | 'Principal' | Condition;
}

interface Found {
  readonly place: Place;
  readonly variable: Variable;
}

function variablesIn(statement: Statement): readonly Found[] {
  const found: Found[] = [];
  const add = (value: TextValue, reads: Place['reads']) => {
    for (const variable of variablesOf(value.text)) found.push({ place: { value, reads }, variable });
  };
  for (const { value } of statement.resource?.items ?? []) add(value, 'yes');
  for (const condition of statement.conditions) {
    for (const { value } of condition.values) if (value.kind === 'text') add(value, condition);
  }
  for (const { value } of statement.action?.items ?? []) add(value, 'Action');
  for (const { value } of statement.principal?.items ?? []) add(value, 'Principal');
  return found;
}

/** Whether it is read there. What other tools fill in before AWS sees it is no variable but to the preset that knows no other tools. */
function judged({ place, variable }: Found, { catalog, config }: RuleContext): readonly Found[] {
  const { value, reads } = place;
  if (config.preset !== 'access-analyzer' && !isCertain(variable)) return [];
  if (typeof reads === 'string') return [{ place, variable }];
  const base = conditionFacts(reads, catalog).operator?.base;
  if (base === undefined) return [];
  const isRead = base !== 'Null' && familyOf(base) === 'text';
  return [{ place: isRead ? { value, reads: 'yes' } : place, variable }];
}

function isCertain(variable: Variable): boolean {
  return variable.fault === 'brace' || variable.fault === 'empty' || isKeyLike(variable);
}

/** Without `Version` it is `missing-version` that tells. */
function* unread(found: readonly Found[], policy: Policy, { config }: RuleContext): Iterable<Draft> {
  const [first, ...others] = found.filter(({ place }) => place.reads === 'yes');
  const { version } = policy;
  if (!first || (!version && config.preset !== 'access-analyzer')) return;
  yield {
    message: `${spelling(first)} is read as plain letters in the language of 2008`,
    span: placed(first),
    level: 'warning',
    related: [
      ...(version ? [{ span: version.value.span, message: 'this is the language of the policy' }] : []),
      ...others.map((other) => ({ span: placed(other), message: `${spelling(other)} is read so too` })),
    ],
    accessAnalyzer: 'VARIABLE_UNSUPPORTED_IN_VERSION',
    accessAnalyzerType: 'ERROR',
    fixes: () =>
      version
        ? [
            {
              title: 'Set `Version` to 2012-10-17, so that variables are read',
              safety: 'changes',
              edits: [{ kind: 'replace', value: version.value, plain: '2012-10-17' }],
              preferred: true,
            },
          ]
        : [],
  };
}

function misspelled(found: Found): Draft | undefined {
  const { fault } = found.variable;
  if (fault === undefined) return undefined;
  const [accessAnalyzer, said] = FAULTS[fault];
  return {
    message: `${spelling(found)} ${said}`,
    span: placed(found),
    accessAnalyzer,
    accessAnalyzerType: 'ERROR',
    fixes: () => respelled(found, fault),
  };
}

const FAULTS = {
  brace: ['MISSING_BRACE_IN_VARIABLE', 'lacks its closing brace'],
  empty: ['EMPTY_VARIABLE', 'names no variable'],
  quote: ['MISSING_QUOTE_IN_VARIABLE', 'has a default value without a quote at both ends'],
  space: ['UNSUPPORTED_SPACE_IN_VARIABLE', 'has a blank in its name'],
} as const;

function unsupported(found: Found, { catalog }: RuleContext): Draft | undefined {
  const { reads } = found.place;
  const isElement = typeof reads === 'string';
  const base = isElement ? undefined : conditionFacts(reads, catalog).operator?.base;
  return {
    message: isElement
      ? `${spelling(found)} is not read in \`${reads}\``
      : `${spelling(found)} is not read under \`${base}\`, which compares no text`,
    span: placed(found),
    accessAnalyzer: isElement ? 'VARIABLE_UNSUPPORTED_IN_ELEMENT' : 'INVALID_VARIABLE_FOR_OPERATOR',
    accessAnalyzerType: 'ERROR',
  };
}

/** None for a variable that names nothing: what was meant cannot be told. */
function respelled({ place, variable }: Found, fault: keyof typeof FAULTS): readonly Fix[] {
  const { at, end, name } = variable;
  const { value } = place;
  const fix = (title: string, from: number, to: number, text: string): readonly Fix[] => [
    { title, safety: 'changes', edits: [{ kind: 'rewrite', value, from, to, text }], preferred: true },
  ];
  switch (fault) {
    case 'brace': {
      const key = KEY.exec(name)?.[0];
      if (key === undefined) return [];
      const after = at + '${'.length + key.length;
      return fix(`Close the variable after \`${key}\``, after, after, '}');
    }
    case 'quote': {
      const from = at + '${'.length + name.length + ','.length;
      const plain = value.text.flat.slice(from, end - 1).replace(/^\s*'?|'?\s*$/g, '');
      return plain.includes("'") ? [] : fix('Put the default value in quotes', from, end - 1, ` '${plain}'`);
    }
    case 'space': {
      const from = at + '${'.length;
      return fix('Take the blanks out of the name', from, from + name.length, name.replace(/\s+/g, ''));
    }
    case 'empty':
      return [];
  }
}

/** A key with its prefix; what may follow a slash belongs to tags only. */
const KEY = /^[\w.-]+:(?:\w*Tag\/[\w.=+@-]+|\w+)/;

function spelling({ place, variable }: Found): string {
  return `\`${shown(display(place.value.text, variable))}\``;
}

function display({ flat }: Text, { at, end }: Variable): string {
  return flat.slice(at, end).replaceAll('\uFFFC', '…');
}

function placed({ place, variable }: Found): { source: string; start: number; end: number } {
  return spanOf(place.value.text, variable.at, variable.end) ?? place.value.span;
}
