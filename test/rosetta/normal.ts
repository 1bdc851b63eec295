/** What a policy says, whatever it was spelled in: the typed view as plain data, without places. Judges nothing. */
import type { ClauseItem, Condition, Policy, Statement } from '../../server/src/policy/policy.ts';
import { displayText } from '../../server/src/text/text.ts';
import { displayValue } from '../../server/src/value/value.ts';

/** Equal for policies that say the same in the same order. A list of one is the one; numbers and booleans are the strings that IAM makes of them. */
export function normal(policy: Policy): string {
  const { kind, language, statements, open, strays } = policy;
  const all = {
    kind,
    language,
    open,
    statements: statements.map(statementNormal),
    strays: strays.map(({ name }) => name),
  };
  return JSON.stringify(all, null, 1);
}

function statementNormal(statement: Statement): unknown {
  const { sid, effect, action, resource, principal, conditions, presence, strays } = statement;
  return {
    presence,
    sid: sid && displayText(sid.text),
    effect: effect.answer,
    action: action && [action.negated, action.open, action.items.map(itemNormal)],
    resource: resource && [resource.negated, resource.open, resource.items.map(itemNormal)],
    principal: principal && [principal.negated, principal.items.map((item) => `${item.type} ${itemNormal(item)}`)],
    conditions: conditions.map(conditionNormal),
    strays: strays.map(({ name }) => name),
  };
}

function itemNormal({ text, presence }: ClauseItem): string {
  return `${displayText(text)}${presence === 'always' ? '' : '?'}`;
}

function conditionNormal({ operator, key, values }: Condition): unknown {
  const said = values.map(({ value }) => (value.kind === 'text' ? displayText(value.text) : displayValue(value)));
  return [displayText(operator), displayText(key), said];
}
