/** Fixes of trust policies that cannot work: the right action, those that are missing, the ARN of a provider. All say what they change. */
import type { Config } from '../../config/config.ts';
import type { Fix } from '../../finding/finding.ts';
import type { Clause, ClauseItem, Policy, PrincipalItem, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import type { Entry } from '../../value/value.ts';
import { whereaboutsOf } from '../narrowing/arns.ts';
import { replaceInClause } from '../narrowing/clause-edits.ts';
import { type Assumer, SPELLING } from './actions.ts';

/** Takes out what a trust policy does not take. */
export function removeResource(statement: Statement, entry: Entry, name: string): readonly Fix[] {
  return [
    {
      title: `Remove \`${name}\`: the policy is about the role that it is attached to`,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'remove-entry', from: statement.value, entry }],
    },
  ];
}

/** The one action by which all of the principals assume a role, in place of an item or beside it; none where there is no one such. */
export function rightAction(
  action: Clause,
  item: ClauseItem,
  assumers: readonly Assumer[],
  how: 'replace' | 'add',
): readonly Fix[] {
  const names = new Set(assumers.map(({ by }) => (by.length === 1 ? by[0] : undefined)));
  const [name] = names;
  // A provider under `AWS` is in the wrong place, and the action may be the right one.
  const misplaced = assumers.some(({ item: { type, text } }) => type === 'AWS' && text.flat.includes('-provider/'));
  if (names.size !== 1 || name === undefined || misplaced) return [];
  const right = SPELLING[name];
  if (how === 'add') return addActions(action, [right]);
  const there = action.items.some(({ text }) => knownText(text)?.toLowerCase() === name);
  const edits = replaceInClause(action, [item], there ? [] : [right]);
  const title = there
    ? `Remove \`${item.text.flat}\`, which none of the principals can do`
    : `Replace \`${item.text.flat}\` with \`${right}\`, by which they assume the role`;
  return edits ? [{ title, safety: 'changes', preferred: true, edits }] : [];
}

/** Actions behind the last one. */
export function addActions(action: Clause, names: readonly string[]): readonly Fix[] {
  const last = action.items[action.items.length - 1];
  const text = last && knownText(last.text);
  const edits = last && text !== undefined ? replaceInClause(action, [last], [text, ...names]) : undefined;
  const added = names.map((name) => `\`${name}\``).join(' and ');
  return edits ? [{ title: `Add ${added}`, safety: 'changes', preferred: true, edits }] : [];
}

/** The ARN of a provider whose address is given. */
export function asProvider(item: PrincipalItem, text: string, policy: Policy, config: Config): readonly Fix[] {
  const address = text.replace(/^https:\/\//, '').replace(/\/$/, '');
  if (!/^[\w-]+(\.[\w-]+)+(\/[\w./-]*)?$/.test(address)) return [];
  const { partition, account } = whereaboutsOf(policy, config);
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${address}`;
  return [
    {
      title: `Name the provider by its ARN, \`${arn}\``,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'replace', value: item.value, plain: arn }],
    },
  ];
}
