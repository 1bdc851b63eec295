/**
 * Separates two duties that one identity holds: takes the actions of one of them away, only such as are named, so that
 * nothing else goes; or denies the one request that approves. Each fix is of safety `narrows`; whoever offers it proves it.
 */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { conflictsOf, type HeldConflict } from '../../identities/conflicts.ts';
import { packOf } from '../../identities/packs.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { readPolicy } from '../../policy/read.ts';
import { displayText, knownText, sourceText } from '../../text/text.ts';
import { readJson } from '../../value/json.ts';
import { entryOf, PLAIN_JSON } from '../../value/value.ts';
import type { RuleContext } from '../rule.ts';
import { replaceInClause } from './clause-edits.ts';

/** Items that one fix takes away. */
const MOST_ITEMS = 4;

/** For each duty of the pair the fix that takes it away, the one with fewer actions first. `said` names a duty. */
export function separateDuties(
  policy: Policy,
  held: HeldConflict,
  said: (duty: HeldConflict['duties'][number]) => string,
  context: RuleContext,
): readonly Fix[] {
  const sides = ([1, 0] as const).flatMap((side) => {
    const items = itemsOfSide(policy, held, side, context);
    const edits = items && editsFor(policy, items);
    return items && edits ? [{ duty: held.duties[side], items, edits }] : [];
  });
  const removals = [...sides]
    .sort((a, b) => a.items.length - b.items.length)
    .map(({ duty, items, edits }): Fix => {
      const names = [...new Set(items.map(({ text }) => `\`${displayText(text)}\``))];
      return { title: `Remove ${names.join(' and ')}, by which it can \`${said(duty)}\``, safety: 'narrows', edits };
    });
  return [...removals, ...denyApproval(policy, held, context)];
}

/** Approving a model version is a change of one value, which a Deny can single out while all else stays; offered where nothing else lets the identity approve. */
function denyApproval(policy: Policy, { conflict }: HeldConflict, context: RuleContext): readonly Fix[] {
  const list = entryOf(policy.document, 'Statement')?.value;
  const last = list?.kind === 'list' ? list.items.at(-1) : undefined;
  if (list?.kind !== 'list' || !last || !conflict.between.includes('model-approval')) return [];
  const { catalog, config, facts } = context;
  const after = conflictsOf(packOf(config), [...policy.statements, ...denial()], catalog, facts);
  if (after.some((one) => one.conflict === conflict)) return [];
  const title = 'Deny what sets `sagemaker:ModelApprovalStatus` to `Approved`';
  return [
    { title, safety: 'narrows', edits: [{ kind: 'insert-item', into: list, plain: plainOf(DENIAL), after: last }] },
  ];
}

type Json = string | readonly Json[] | { readonly [key: string]: Json };

/** Source: Service Authorization Reference, SageMaker, condition key `sagemaker:ModelApprovalStatus`. */
const DENIAL: Json = {
  Effect: 'Deny',
  Action: ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'],
  Resource: '*',
  Condition: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } },
};

function plainOf(json: Json): Plain {
  if (typeof json === 'string') return json;
  if (isJsonList(json)) return json.map(plainOf);
  return { entries: Object.entries(json).map(([key, value]) => [key, plainOf(value)] as const) };
}

function isJsonList(json: readonly Json[] | { readonly [key: string]: Json }): json is readonly Json[] {
  return Array.isArray(json);
}

/** The Deny as it will be read. */
function denial(): readonly Statement[] {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [DENIAL] });
  const span = { source: '', start: 0, end: text.length };
  const { value } = readJson(sourceText('', text), span, PLAIN_JSON);
  const read = value && readPolicy({ value, kind: 'identity', address: '', span, versionImplied: false });
  return read?.statements ?? [];
}

/** The items without which the pair is not held; undefined where one is a wildcard, or they are many. */
function itemsOfSide(
  policy: Policy,
  { conflict }: HeldConflict,
  side: 0 | 1,
  { catalog, config, facts }: RuleContext,
): readonly ClauseItem[] | undefined {
  const gone: ClauseItem[] = [];
  let statements = policy.statements;
  while (gone.length <= MOST_ITEMS) {
    const still = conflictsOf(packOf(config), statements, catalog, facts).find((one) => one.conflict === conflict);
    if (!still) return gone;
    const { item } = still.ways[side];
    if (!item || isPattern(knownText(item.text) ?? '*')) return undefined;
    gone.push(item);
    statements = statements.flatMap((statement) => withoutItem(statement, item) ?? []);
  }
  return undefined;
}

/** The statement as it is without the item; undefined where nothing is left of it. */
function withoutItem(statement: Statement, item: ClauseItem): Statement | undefined {
  const { action } = statement;
  if (!action?.items.includes(item)) return statement;
  const items = action.items.filter((other) => other !== item);
  return items.length === 0 ? undefined : { ...statement, action: { ...action, items } };
}

/** A statement of which no action is left goes as a whole. */
function editsFor(policy: Policy, items: readonly ClauseItem[]): readonly Edit[] | undefined {
  const list = entryOf(policy.document, 'Statement')?.value;
  const edits: Edit[] = [];
  let statementsLeft = policy.statements.length;
  for (const { action, value } of policy.statements) {
    const mine = action?.items.filter((item) => items.includes(item)) ?? [];
    if (!action || mine.length === 0) continue;
    if (mine.length < action.items.length) {
      const replaced = replaceInClause(action, mine, []);
      if (!replaced) return undefined;
      edits.push(...replaced);
      continue;
    }
    const item = list?.kind === 'list' ? list.items.find((one) => one.value === value) : undefined;
    statementsLeft -= 1;
    if (list?.kind !== 'list' || !item || statementsLeft === 0) return undefined;
    edits.push({ kind: 'remove-item', from: list, item });
  }
  return edits.length > 0 ? edits : undefined;
}
