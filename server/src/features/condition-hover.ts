/** What a hover says of a condition operator, a condition key and the two together. Reads the catalog for keys of services. */
import type { Catalog } from '../catalog/catalog.ts';
import { type Operator, operatorOf } from '../policy/condition.ts';
import type { Condition, Statement } from '../policy/policy.ts';
import { displayText, knownText } from '../text/text.ts';
import { globalKeyText } from './global-keys.ts';
import { blocks, code, message, plain, series } from './markdown.ts';
import { operatorText, whenMissing } from './operator-text.ts';

/** The operator of a condition, in Markdown. */
export function operatorHover(condition: Condition, statement: Statement): string {
  const name = displayText(condition.operator);
  const operator = operatorOf(condition.operator);
  if (knownText(condition.operator) === undefined) return `**${code(name)}** is known at deploy time only.`;
  if (!operator) return `**${code(name)}** is not a condition operator that AWS documents.`;
  return blocks([
    `**${code(name)}**`,
    message(operatorText(operator).meaning),
    severalValues(condition, operator),
    operator.ifExists ? '`IfExists`: looked at only if the request carries the key.' : '',
    quantified(operator),
    missingLine(operator, condition, statement),
  ]);
}

/** The key of a condition, in Markdown. */
export function keyHover(condition: Condition, statement: Statement, catalog: Catalog): string {
  const name = displayText(condition.key);
  const operator = operatorOf(condition.operator);
  if (knownText(condition.key) === undefined && !globalKeyText(name))
    return `**${code(name)}** is known at deploy time only.`;
  const key = catalog.conditionKey(condition.key.flat);
  const global = globalKeyText(name);
  const kind = key ? ` · ${plain(key.type)}${key.multivalued ? ', several values' : ''}` : '';
  const known = global ? message(global.meaning) : key ? plain(key.description) : unknownKey(name, catalog);
  return blocks([
    `**${code(name)}**${kind}`,
    known,
    global ? `**Present** ${message(global.present)}` : '',
    key?.multivalued && operator && !operator.qualifier && operator.base !== 'Null'
      ? 'A request can carry several values of this key: `ForAnyValue:` or `ForAllValues:` says how to compare them.'
      : '',
    operator ? missingLine(operator, condition, statement) : '',
  ]);
}

function unknownKey(name: string, catalog: Catalog): string {
  if (catalog.services.length === 0) return '';
  if (/:(aud|sub|amr|iss)$/i.test(name)) return 'A claim of the token that the identity provider issues.';
  return `Not among the condition keys in the AWS data of ${plain(catalog.date)}. Keys of identity providers are named after the provider\u2019s address.`;
}

function severalValues(condition: Condition, operator: Operator): string {
  if (condition.values.length < 2) return '';
  return operator.negated
    ? `All ${condition.values.length} values here must differ from the request\u2019s (NOR).`
    : `One of the ${condition.values.length} values here is enough (OR).`;
}

function quantified(operator: Operator): string {
  if (operator.qualifier === 'ForAllValues') {
    return blocks([
      '`ForAllValues`: every value that the request carries for the key must pass.',
      '**A request without the key passes too**, so an Allow needs `Null` with `false` for the same key beside it.',
    ]);
  }
  if (operator.qualifier === undefined) return '';
  return operator.negated
    ? '`ForAnyValue`: one value of the request that is none of those listed is enough; the others may be listed ones. To shut values out, deny them without the negation.'
    : '`ForAnyValue`: one value of the request that passes is enough, whatever the others are.';
}

function missingLine(operator: Operator, condition: Condition, statement: Statement): string {
  const lead = '**If the request does not carry the key**';
  const missing = whenMissing(operator);
  if (missing === 'by value') {
    const values = new Set(
      condition.values.map((item) =>
        (item.value.kind === 'text' ? item.value.text.flat : item.value.raw).toLowerCase(),
      ),
    );
    if (values.size !== 1) return '';
    return values.has('true') ? `${lead} the condition holds.` : `${lead} the condition fails.`;
  }
  const effect = statement.effect.answer;
  const negated =
    operator.negated && missing === 'holds' && !operator.ifExists ? ', since the operator is negated' : '';
  if (effect !== 'Allow' && effect !== 'Deny') return `${lead} the condition ${missing}${negated}.`;
  const result = missing === 'holds' ? `the ${effect} applies` : `the ${effect} does not apply`;
  return `${lead} the condition ${missing}${negated}: ${result}.`;
}

/** A condition as half a sentence: `aws:SourceIp` is in `10.0.0.0/8`. Markdown. */
export function conditionPhrase(condition: Condition): string {
  const operator = operatorOf(condition.operator);
  const key = code(displayText(condition.key));
  const values = condition.values.map((item) =>
    code(item.value.kind === 'text' ? displayText(item.value.text) : item.value.raw),
  );
  if (condition.open) values.push('what is known at deploy time only');
  const listed = series(values, 6, 'or') || 'something';
  if (!operator) return `${key} ${code(displayText(condition.operator))} ${listed}`;
  if (operator.base === 'Null') return nullPhrase(condition, key);
  const subject =
    operator.qualifier === 'ForAllValues'
      ? `every value of ${key}`
      : operator.qualifier === 'ForAnyValue'
        ? `some value of ${key}`
        : key;
  const missing = whenMissing(operator) === 'holds' ? ', or the request does not carry it' : '';
  return `${subject} ${operatorText(operator).verb} ${listed}${missing}`;
}

function nullPhrase(condition: Condition, key: string): string {
  const words = new Set(
    condition.values.map((item) => (item.value.kind === 'text' ? item.value.text.flat : item.value.raw).toLowerCase()),
  );
  if (words.size === 1 && words.has('true')) return `the request does not carry ${key}`;
  if (words.size === 1 && words.has('false')) return `the request carries ${key}`;
  return `the request may carry ${key}`;
}
