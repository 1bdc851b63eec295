/** What kind of policy a document is by its shape, and whether a value is a policy at all. The contract's definitions; file names play no part but for hints. */
import { knownText } from '../text/text.ts';
import { entryOf, lacks, literalOf, type ObjectValue, type Value } from '../value/value.ts';
import type { PolicyKind } from './module.ts';
import type { Statement } from './policy.ts';

/**
 * Principal or NotPrincipal in a statement makes a resource policy; if moreover no statement has a Resource clause and
 * every action is one of STS for assuming a role, a trust policy; otherwise identity.
 */
export function kindByShape(statements: readonly Statement[]): PolicyKind {
  if (!statements.some((statement) => statement.principal)) return 'identity';
  const trust = statements.every(
    (statement) => !statement.resource && (statement.action?.items ?? []).every((item) => assumes(item.text.flat)),
  );
  return trust && statements.some((statement) => (statement.action?.items.length ?? 0) > 0) ? 'trust' : 'resource';
}

/** Whether the text may be an action of STS for assuming a role, which is what trust policies are made of; `*` is one too. */
export function assumes(action: string): boolean {
  const name = action.toLowerCase();
  return (
    name === '*' || name.startsWith('sts:assumerole') || name === 'sts:tagsession' || name === 'sts:setsourceidentity'
  );
}

/**
 * The other kind that the shape allows: a policy without a visible Principal may be a resource or trust policy, unless one
 * of its statements can be said to have none; one whose actions are not all known may be a trust policy.
 */
export function doubtOfShape(statements: readonly Statement[]): PolicyKind | undefined {
  if (statements.length === 0) return undefined;
  const mayBeTrust = statements.every(
    ({ resource, action }) =>
      !resource && (action?.items ?? []).every(({ text }) => knownText(text) === undefined || assumes(text.flat)),
  );
  if (statements.some((statement) => statement.principal))
    return mayBeTrust && kindByShape(statements) !== 'trust' ? 'trust' : undefined;
  const certain = statements.some(({ value }) => lacks(value, 'Principal') && lacks(value, 'NotPrincipal'));
  return certain ? undefined : mayBeTrust ? 'trust' : 'resource';
}

/** The kind that a path hints at: `scp`, `rcp` or `boundary` as a word of the file's name or of the two folders nearest to it; where a checkout lies says nothing. */
export function hintOfPath(path: string): 'scp' | 'rcp' | 'boundary' | undefined {
  const words = path
    .split(/[\\/]/)
    .slice(-3)
    .join(' ')
    .toLowerCase()
    .split(/[^a-z]+/);
  if (words.includes('scp') || words.includes('scps')) return 'scp';
  if (words.includes('rcp') || words.includes('rcps')) return 'rcp';
  if (words.includes('boundary') || words.includes('boundaries')) return 'boundary';
  return undefined;
}

/**
 * Whether a value is a policy document: `Statement` whose entries have an Effect (or a near miss) and an action of the
 * form `word:word` or `*`; or a legal Version and one of those. Policies of other clouds, and of AWS IoT Core's own
 * policy engine, have the shape too: their versions, ARNs and variables tell them apart.
 */
export function isPolicyDocument(value: Value): boolean {
  if (value.kind !== 'object') return false;
  const list = entryOf(value, 'Statement');
  if (!list) return false;
  const statements = statementsOf(list.value);
  if (statements.length === 0) return false;
  const version = literalOf(entryOf(value, 'Version')?.value);
  if (version !== undefined && !/^\d{4}-\d/.test(version)) return false;
  const legal = version === '2012-10-17' || version === '2008-10-17';
  const effect = statements.some(hasEffect);
  const action = statements.some(hasAction);
  return (legal ? effect || action : effect && action) && !isForeign(statements);
}

function statementsOf(value: Value): readonly ObjectValue[] {
  if (value.kind === 'object') return [value];
  if (value.kind === 'choice') return value.options.flatMap(statementsOf);
  return value.kind === 'list' ? value.items.flatMap((item) => statementsOf(item.value)) : [];
}

function hasEffect(statement: ObjectValue): boolean {
  const effect = entryOf(statement, 'Effect')?.value;
  if (!effect) return false;
  if (effect.kind !== 'text') return effect.kind === 'unknown' || effect.kind === 'choice';
  const word = knownText(effect.text);
  return word === undefined || nearestEffect(word) !== undefined;
}

/** The word that a misspelt Effect means: `Alow`, `allow`, `DENY`; undefined where it is no near miss. */
export function nearestEffect(word: string): 'Allow' | 'Deny' | undefined {
  const lower = word.trim().toLowerCase();
  if (withinOneOrTwo(lower, 'allow')) return 'Allow';
  if (withinOneOrTwo(lower, 'deny')) return 'Deny';
  return undefined;
}

/** Whether the words differ by at most two insertions, removals or exchanges of a letter, and share the first. */
function withinOneOrTwo(word: string, target: string): boolean {
  if (word === target) return true;
  if (word.length > 12 || Math.abs(word.length - target.length) > 2 || word[0] !== target[0]) return false;
  let row = Array.from({ length: target.length + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const next = [i];
    for (let j = 1; j <= target.length; j++) {
      const change = (row[j - 1] ?? 0) + (word[i - 1] === target[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[target.length] ?? 9) <= 2;
}

function hasAction(statement: ObjectValue): boolean {
  for (const key of ['Action', 'NotAction']) {
    const entry = entryOf(statement, key);
    if (entry && textsOf(entry.value).some((text) => text === '*' || /^[\w*?-]+:[\w*?-]+$/.test(text))) return true;
  }
  return false;
}

function entryTexts(statement: ObjectValue, key: string): readonly string[] {
  const entry = entryOf(statement, key);
  return entry ? textsOf(entry.value) : [];
}

function textsOf(value: Value): readonly string[] {
  if (value.kind === 'text') return [knownText(value.text) ?? value.text.flat];
  if (value.kind === 'list') return value.items.flatMap((item) => textsOf(item.value));
  return value.kind === 'choice' ? value.options.flatMap(textsOf) : [];
}

/** Other clouds' resource names, and AWS IoT Core policies: only data-plane actions of IoT on topics and clients. */
function isForeign(statements: readonly ObjectValue[]): boolean {
  if (statements.some((statement) => entryTexts(statement, 'Resource').some((text) => OTHER_CLOUD.test(text))))
    return true;
  let named = false;
  for (const statement of statements) {
    if (entryOf(statement, 'Principal')) return false;
    for (const action of entryTexts(statement, 'Action')) {
      if (action === '*') continue;
      if (!IOT_DATA.test(action)) return false;
      named = true;
    }
  }
  return named;
}

const OTHER_CLOUD = /^(acs|qcs|trn|urn|obs|oss):/;

const IOT_DATA =
  /^iot:(\*|connect|publish|subscribe|receive|retainpublish|(get|update|delete)thingshadow|listnamedshadowsforthing|assumerolewithcertificate)$/i;
