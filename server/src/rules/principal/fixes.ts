/** Fixes of Principal elements that AWS refuses: keys, elements and values in a form that it takes. All say what they change. */
import { editDistance } from '../../catalog/distance.ts';
import type { Config } from '../../config/config.ts';
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix, Safety } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import {
  type Policy,
  type PrincipalClause,
  type PrincipalItem,
  polarity,
  type Statement,
} from '../../policy/policy.ts';
import { keyFor, PRINCIPAL_TYPES } from '../../policy/principal.ts';
import { displayText, knownText } from '../../text/text.ts';
import { type Entry, type ListValue, literalOf, type Value } from '../../value/value.ts';
import { whereaboutsOf } from '../narrowing/arns.ts';

/** Takes the element out of a statement of a policy that takes none. */
export function removeElement(statement: Statement, entry: Entry, name: string): readonly Fix[] {
  return [
    {
      title: `Remove ${name}: the statement holds for everybody who has the policy`,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'remove-entry', from: statement.value, entry }],
    },
  ];
}

/** Everybody, in place of what a resource control policy does not take. */
export function everybody({ value }: Entry): readonly Fix[] {
  return [replaced(value, '*', 'Apply the statement to everybody, `"*"`')];
}

/** One account in place of everybody: that of the policy's ARNs or of the configuration, else one to be filled in. */
export function oneAccount(value: Value, policy: Policy, config: Config): readonly Fix[] {
  const { partition, account } = whereaboutsOf(policy, config);
  const whom = account.startsWith(PLACEHOLDER) ? 'one account, to be filled in' : `account \`${account}\``;
  return [replaced(value, { entries: [['AWS', `arn:${partition}:iam::${account}:root`]] }, `Trust only ${whom}`)];
}

/** The text under the key that its form asks for; none where it tells nothing. */
export function textUnderKey(value: Value, text: string): readonly Fix[] {
  const key = keyFor(text);
  return key ? [replaced(value, { entries: [[key, text]] }, `Put \`${text}\` under \`${key}\``)] : [];
}

/** A list without a key as `"*"`, or under the key that all of its texts ask for; none where they do not agree. */
export function listUnderKey(list: ListValue): readonly Fix[] {
  const texts = list.items.map((item) => (item.presence === 'always' ? literalOf(item.value) : undefined));
  if (texts.length === 1 && texts[0] === '*') return [replaced(list, '*', 'Take `"*"` out of the list')];
  const keys = new Set(texts.map((text) => (text === undefined ? undefined : keyFor(text))));
  const [key] = keys;
  const known = texts.filter((text) => text !== undefined);
  return keys.size === 1 && key ? [replaced(list, { entries: [[key, known]] }, `Put the list under \`${key}\``)] : [];
}

/** The key that is meant by a stranger; none where nothing is near, or it stands there already. */
export function rightKey(entry: Entry, key: string, entries: readonly Entry[]): readonly Fix[] {
  const meant = meantKey(key);
  return meant === undefined ? [] : renamed(entry, meant, entries);
}

/** The item's key becomes another; none where the key holds other values too. */
export function underKey({ value, list }: PrincipalItem, { entry }: PrincipalClause, key: string): readonly Fix[] {
  const entries = entry.value.kind === 'object' ? entry.value.entries : [];
  const own = entries.find((one) => one.value === value || (one.value === list && list.items.length === 1));
  return own ? renamed(own, key, entries) : [];
}

/** Takes a principal out of a list that grants it something; none in a list of one, and where to name it takes something away. */
export function withoutGrantTo(item: PrincipalItem, statement: Statement): readonly Fix[] {
  const { principal } = statement;
  const grants = principal !== undefined && polarity(statement, principal) === 'more';
  return grants ? withoutItem(item, 'narrows') : [];
}

/** Takes a principal out of a list that names it once more; none where it stands in no list of the text. */
export function withoutRepeated(item: PrincipalItem): readonly Fix[] {
  return withoutItem(item, 'same');
}

function withoutItem({ list, value, text }: PrincipalItem, safety: Safety): readonly Fix[] {
  const item = list?.items.find((member) => member.value === value);
  if (!list || !item || list.items.length === 1) return [];
  const edits: readonly Edit[] = [{ kind: 'remove-item', from: list, item }];
  return [{ title: `Remove \`${displayText(text)}\``, safety, preferred: true, edits }];
}

function renamed(entry: Entry, key: string, entries: readonly Entry[]): readonly Fix[] {
  if (entries.some((other) => knownText(other.key) === key)) return [];
  return [
    {
      title: `Replace \`${entry.key.flat}\` with \`${key}\``,
      safety: 'changes',
      preferred: true,
      edits: [{ kind: 'rename', entry, key }],
    },
  ];
}

function meantKey(key: string): string | undefined {
  const word = key.toLowerCase();
  if (IDENTITIES.has(word)) return 'AWS';
  return PRINCIPAL_TYPES.find((type) => {
    const limit = type === 'AWS' ? 1 : 2;
    return editDistance(word, type.toLowerCase(), limit) <= limit;
  });
}

/** What people write for `AWS`. */
const IDENTITIES: ReadonlySet<string> = new Set(['account', 'arn', 'iam', 'role', 'root', 'user']);

function replaced(value: Value, plain: Plain, title: string): Fix {
  return { title, safety: 'changes', preferred: true, edits: [{ kind: 'replace', value, plain }] };
}
