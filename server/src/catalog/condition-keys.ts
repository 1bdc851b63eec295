/**
 * Condition keys: finds the key that a name in a Condition stands for, also where AWS writes a place for anything in it
 * (`aws:ResourceTag/${TagKey}`). Letter case never counts. Source: IAM User Guide, "AWS global condition context keys".
 */
import { globMatches } from '../policy/pattern.ts';
import { kept, memo } from './memo.ts';
import type { ConditionKey } from './service.ts';
import type { ServiceTable } from './service-table.ts';
import { decodeKey, type Layout, type ReadBytes, readExtra } from './slices.ts';

/** The keys of one catalog. */
export interface ConditionKeys {
  /** Those that AWS calls global; a few have a service's prefix (`lambda:SourceFunctionArn`). */
  globals(): readonly ConditionKey[];
  /** The key that the name stands for; undefined also for keys of identity providers that AWS cannot know. Answers are remembered. */
  find(name: string): ConditionKey | undefined;
}

/** Keys of the file, read when first asked for. */
export function conditionKeys(bytes: ReadBytes, layout: Layout, table: ServiceTable): ConditionKeys {
  const globals = memo(() =>
    (readExtra<readonly GlobalKey[]>(bytes, layout, 'globals') ?? []).map(([name, type, category, description]) =>
      decodeKey(name, type, () => description, category),
    ),
  );
  const indices = new Map<string, KeyIndex>();
  const globalIndex = memo(() => keyIndex(globals()));
  const indexOf = (prefix: string) => kept(indices, prefix, () => keyIndex(table.find(prefix)?.conditionKeys ?? []));
  const search = (lower: string): ConditionKey | undefined => {
    const prefix = lower.slice(0, Math.max(0, lower.indexOf(':')));
    if (prefix === '') return undefined;
    // Keys with a service's prefix that are global are told from the global table, which costs no slice.
    const global = globalIndex().exact.get(lower);
    if (global) return global;
    const owners = prefix === 'aws' ? [] : ownersOf(prefix, layout);
    const places = [...owners.map(indexOf), globalIndex()];
    for (const place of places) {
      const exact = place.exact.get(lower);
      if (exact) return exact;
    }
    for (const place of places) {
      const template = place.templates.find(({ glob }) => globMatches(glob, lower));
      if (template) return template.key;
    }
    return undefined;
  };
  const found = new Map<string, ConditionKey | null>();
  const find = (name: string): ConditionKey | undefined => {
    const known = found.get(name);
    if (known !== undefined) return known ?? undefined;
    const key = search(name.toLowerCase());
    if (found.size >= MOST_NAMES) found.clear();
    found.set(name, key ?? null);
    return key;
  };
  return { globals, find };
}

/** Names that are remembered; a repository of thousands of policies has a few hundred. */
const MOST_NAMES = 5000;

/** The service of that prefix first, then services that list keys with the prefix: `saml:aud` stands with sts. */
function ownersOf(prefix: string, layout: Layout): readonly string[] {
  const owners = Object.entries(layout.keyOwners)
    .filter(([owner]) => globMatches(templateGlob(owner), prefix))
    .flatMap(([, services]) => services);
  return [...new Set([prefix, ...owners])];
}

interface KeyIndex {
  readonly exact: ReadonlyMap<string, ConditionKey>;
  /** Longest first, so that the closest template answers. */
  readonly templates: readonly { readonly glob: string; readonly key: ConditionKey }[];
}

function keyIndex(keys: readonly ConditionKey[]): KeyIndex {
  const templates = keys
    .map((key) => ({ glob: templateGlob(key.name), key }))
    .filter(({ glob }) => glob.includes('*'))
    .sort((a, b) => b.glob.length - a.glob.length);
  return { exact: new Map(keys.map((key) => [key.name.toLowerCase(), key])), templates };
}

/** AWS writes the place for anything as `${TagKey}`, `<key>`, `tag-key`, or not at all after a last slash. */
function templateGlob(name: string): string {
  return name.toLowerCase().replace(/\$\{[^}]*\}|<[^>]*>|(?<=\/)tag-key$|(?<=\/)$/g, '?*');
}

type GlobalKey = readonly [name: string, type: number, category: string, description: string];
