// Mutants that mean the same as what they replace, so that no example can notice them; each with its reason.

/** Changes that make no difference to what a rule says; each is one mutant of the rule. `was` is the text that `becomes` another. */
export const EQUIVALENT = [
  {
    rule: 'public-access',
    was: "'Allow'",
    becomes: 'undefined',
    reason: 'speed only: beside Denies alone nothing is allowed',
  },
  {
    rule: 'public-access',
    was: '!everybody || conditions.length === 0',
    becomes: '(conditions.length === 0)',
    reason: 'speed only: who is named is no stranger',
  },
  {
    rule: 'public-access',
    was: 'bindsRequest(name) && value !== undefined',
    becomes: '(bindsRequest(name))',
    reason: 'TypeScript asks for it: values that are not known prove nothing',
  },
  {
    rule: 'action-resource-mismatch',
    was: 'item',
    becomes: 'true',
    reason: 'TypeScript asks for it: equal facts have equal lists',
  },
  {
    rule: 'redundant-statement',
    was: 'some',
    becomes: 'every',
    reason: 'a statement that allows everything covers alone: no other is named beside it',
  },
  {
    rule: 'placeholder',
    was: '!text.flat.includes(PLACEHOLDER)',
    becomes: 'false',
    reason: 'speed only: a text without the word has no match',
  },
  {
    rule: 'placeholder',
    was: 'span',
    becomes: 'true',
    reason: 'no example can write it: letters that match stand somewhere',
  },
  {
    rule: 'privilege-escalation',
    was: "'Allow'",
    becomes: 'undefined',
    reason: 'a Deny decides no way to more rights',
  },
  {
    rule: 'duplicate-sid',
    was: '!sid || !first',
    becomes: '(!first)',
    reason: 'TypeScript asks for it: what has a first one has a Sid',
  },
  {
    rule: 'invalid-element',
    was: "value.kind !== 'scalar' || typeof value.value !== 'number'",
    becomes: "(typeof value.value !== 'number')",
    reason: 'TypeScript asks for it: a value of another kind holds no number',
  },
  {
    rule: 'invalid-version',
    was: "value?.kind !== 'text' || word === undefined",
    becomes: '(word === undefined)',
    reason: 'TypeScript asks for it: only a text has a word',
  },
  {
    rule: 'policy-size',
    was: '!kind',
    becomes: 'false',
    reason: 'TypeScript asks for it: there is no quota without a kind',
  },
  {
    rule: 'missing-version',
    was: "'open' in value && value.open",
    becomes: '(value.open)',
    reason: 'TypeScript asks for it: a value of another kind has no `open`, which is as good as closed',
  },
  {
    rule: 'never',
    was: 'action && { ...action, terms: action.terms.slice(index, index + 1) }',
    becomes: '({ ...action, terms: action.terms.slice(index, index + 1) })',
    reason: 'TypeScript asks for it: only items of an Action clause are asked about',
  },
  {
    rule: 'redundant-condition',
    was: 'condition.values[1]',
    becomes: 'true',
    reason: 'speed only: one value is never redundant',
  },
  {
    rule: 'redundant-value',
    was: "flat.includes('${')",
    becomes: 'true',
    reason: 'speed only: a text without variables stays as it is',
  },
  {
    rule: 'invalid-trust-policy',
    was: "effect.answer !== 'Allow' || !action",
    becomes: "(effect.answer !== 'Allow')",
    reason: 'TypeScript asks for it: a statement without Action assumes nothing',
  },
  {
    rule: 'invalid-trust-policy',
    was: "!isTrust || entry.presence === 'sometimes'",
    becomes: '(!isTrust)',
    reason: 'no example can write such an entry; the law of forgetting makes them',
  },
  {
    rule: 'open-assume-role',
    was: '!principal || principal.negated',
    becomes: '(principal.negated)',
    reason: 'TypeScript asks for it: the rule is asked about statements with a Principal only',
  },
  {
    rule: 'redundant-value',
    was: 'areApart(clause)',
    becomes: 'false',
    reason: 'speed only: nothing is found in such a list',
  },
  {
    rule: 'redundant-value',
    was: '!reach.startsWith(outer.head)',
    becomes: 'false',
    reason: 'speed only: what begins otherwise is not taken in',
  },
  {
    rule: 'invalid-arn',
    was: "item.text.flat === '*' || item.text.flat.includes(PLACEHOLDER)",
    becomes: '(item.text.flat.includes(PLACEHOLDER))',
    reason: 'speed only: nothing is wrong with a star',
  },
  {
    rule: 'unscoped-resource',
    was: "service.prefix !== 'iam'",
    becomes: 'false',
    reason: 'speed only: no other service has an action `PassRole`',
  },
  {
    rule: 'wildcard-action',
    was: 'known?.pattern === pattern',
    becomes: 'false',
    reason: 'speed only: what is remembered is what would be found again',
  },
];
