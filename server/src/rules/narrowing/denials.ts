/**
 * Denials: statements that take a duty away from an identity, however wide the wildcard by which it is held. Each fix is of
 * safety `narrows`; whoever offers it proves it.
 */
import type { Power } from '../../config/config.ts';
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { conflictsOf, type HeldConflict } from '../../identities/conflicts.ts';
import { packOf } from '../../identities/packs.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { readPolicy } from '../../policy/read.ts';
import { sourceText } from '../../text/text.ts';
import { readJson } from '../../value/json.ts';
import { entryOf, PLAIN_JSON } from '../../value/value.ts';
import type { RuleContext } from '../rule.ts';

/** Actions that one fix denies. */
const MOST_ACTIONS = 8;

/** Approving a model version is a change of one value, which a Deny can single out while all else stays; offered where nothing else lets the identity approve. */
export function denyApproval(policy: Policy, held: HeldConflict, context: RuleContext): readonly Fix[] {
  if (!held.conflict.between.includes('model-approval') || stillHeld(policy, held, [DENIAL], context)) return [];
  const edits = insertAll(policy, [DENIAL]);
  const title = 'Deny what sets `sagemaker:ModelApprovalStatus` to `Approved`';
  return edits ? [{ title, safety: 'narrows', edits }] : [];
}

/** Denies one duty of the pair, action by action until the pair is no longer held; nothing where that is many, or the duty is held by what tags say of production. */
export function denyDuty(
  policy: Policy,
  held: HeldConflict,
  side: 0 | 1,
  said: (duty: HeldConflict['duties'][number]) => string,
  context: RuleContext,
): readonly Fix[] {
  const duty = held.duties[side];
  const taken: Taken[] = [];
  let still = duty.production ? undefined : stillHeld(policy, held, [], context);
  while (still) {
    const { action } = still.ways[side];
    const power = duty.anyOf.find(
      (one) =>
        one.actions.includes(action) && !taken.some((before) => before.power === one && before.action === action),
    );
    if (!power || taken.length === MOST_ACTIONS) return [];
    taken.push({ power, action });
    still = stillHeld(policy, held, denialsOf(taken, context), context);
  }
  const edits = taken.length > 0 ? insertAll(policy, denialsOf(taken, context)) : undefined;
  const names = [...new Set(taken.map(({ action }) => `\`${spelled(action, context)}\``))];
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more actions`] : names;
  const title = `Deny ${shown.join(' and ')}, by which it can \`${said(duty)}\``;
  return edits ? [{ title, safety: 'narrows', edits }] : [];
}

/** An action that a power of the duty gives. */
interface Taken {
  readonly power: Power;
  readonly action: string;
}

type Json = string | readonly Json[] | { readonly [key: string]: Json };

/** Source: Service Authorization Reference, SageMaker, condition key `sagemaker:ModelApprovalStatus`. */
const DENIAL: Json = {
  Effect: 'Deny',
  Action: ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'],
  Resource: '*',
  Condition: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } },
};

/** The actions that are to be denied: a statement for those on the same resources with the same values. */
function denialsOf(taken: readonly Taken[], context: RuleContext): readonly Json[] {
  const groups = new Map<string, readonly Taken[]>();
  for (const one of taken) {
    const name = JSON.stringify([one.power.resources, one.power.when]);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].flatMap((group): readonly Json[] => {
    const [first] = group;
    return first
      ? [denialOf(first.power, [...new Set(group.map((one) => spelled(one.action, context)))], context)]
      : [];
  });
}

function denialOf({ resources, when }: Power, actions: readonly string[], { catalog }: RuleContext): Json {
  const tests = Object.entries(when).map(
    ([key, values]) => [catalog.conditionKey(key)?.name ?? key, oneOrList(values)] as const,
  );
  const pattern = Object.values(when).some((values) => values.some((value) => /[*?]/.test(value)));
  return {
    Effect: 'Deny',
    Action: oneOrList([...actions].sort()),
    Resource: oneOrList(resources.length === 0 ? ['*'] : resources),
    ...(tests.length > 0
      ? { Condition: { [pattern ? 'StringLike' : 'StringEquals']: Object.fromEntries(tests) } }
      : {}),
  };
}

function oneOrList(texts: readonly string[]): Json {
  const [only] = texts;
  return texts.length === 1 && only !== undefined ? only : texts;
}

/** The action as AWS spells it. */
function spelled(name: string, { catalog }: RuleContext): string {
  const action = catalog.action(name);
  return action ? `${action.service}:${action.name}` : name;
}

/** The pair as it is held beside the denials. */
function stillHeld(
  policy: Policy,
  { conflict }: HeldConflict,
  denials: readonly Json[],
  { catalog, config, facts }: RuleContext,
): HeldConflict | undefined {
  const statements = [...policy.statements, ...asRead(denials)];
  return conflictsOf(packOf(config), statements, catalog, facts).find((one) => one.conflict === conflict);
}

/** The statements as they will be read. */
function asRead(statements: readonly Json[]): readonly Statement[] {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const span = { source: '', start: 0, end: text.length };
  const { value } = readJson(sourceText('', text), span, PLAIN_JSON);
  const read = value && readPolicy({ value, kind: 'identity', address: '', span, versionImplied: false });
  return read?.statements ?? [];
}

/** Puts the statements behind the last one. */
function insertAll(policy: Policy, statements: readonly Json[]): readonly Edit[] | undefined {
  const list = entryOf(policy.document, 'Statement')?.value;
  const last = list?.kind === 'list' ? list.items.at(-1) : undefined;
  if (list?.kind !== 'list' || !last) return undefined;
  return statements.map((one) => ({ kind: 'insert-item', into: list, plain: plainOf(one), after: last }));
}

function plainOf(json: Json): Plain {
  if (typeof json === 'string') return json;
  if (isJsonList(json)) return json.map(plainOf);
  return { entries: Object.entries(json).map(([key, value]) => [key, plainOf(value)] as const) };
}

function isJsonList(json: readonly Json[] | { readonly [key: string]: Json }): json is readonly Json[] {
  return Array.isArray(json);
}
