/** Key faults: what is wrong with the name of a condition key, and which keys may be meant. One answer for all rules; softly known only. */
import type { Catalog } from '../catalog/catalog.ts';
import { editDistance } from '../catalog/distance.ts';
import { keyNotes } from '../catalog/key-notes.ts';
import { isPattern } from '../policy/pattern.ts';
import type { Statement } from '../policy/policy.ts';
import type { RuleContext } from './rule.ts';

/**
 * - `format`: no prefix, colon and name.
 * - `tag-key`: a key for tags that names none: `aws:ResourceTag`, `aws:ResourceTag/`.
 * - `unsupported`: a global key that AWS no longer supports.
 * - `global`: the prefix `aws` and a name that AWS does not document.
 * - `service`: a prefix that is no service's, nor an identity provider's.
 * - `key`: the service has no such key.
 */
export type KeyFault = 'format' | 'tag-key' | 'unsupported' | 'global' | 'service' | 'key';

/** The fault of a key by its name in lower case; undefined where there is none for certain: an identity provider's key can be any. Remembered. */
export function keyFault(name: string, catalog: Catalog): KeyFault | undefined {
  const known = namesOf(catalog);
  const before = known.get(name);
  if (before !== undefined) return before ?? undefined;
  if (known.size >= MOST) known.clear();
  const fault = findFault(name, catalog);
  known.set(name, fault ?? null);
  return fault;
}

function namesOf(catalog: Catalog): Map<string, KeyFault | null> {
  const known = KNOWN.get(catalog) ?? new Map<string, KeyFault | null>();
  if (known.size === 0) KNOWN.set(catalog, known);
  return known;
}

/** By name, null where there is no fault. */
const KNOWN = new WeakMap<Catalog, Map<string, KeyFault | null>>();
const MOST = 5000;

function findFault(name: string, catalog: Catalog): KeyFault | undefined {
  if (!/^[^:]+:./.test(name)) return 'format';
  if (catalog.services.length === 0 || catalog.conditionKey(name) || keyNotes().alsoGlobal.has(name)) return undefined;
  if (keyNotes().unsupported.has(name)) return 'unsupported';
  const tag = catalog.conditionKey(`${name.replace(/\/$/, '')}/x`);
  if (tag && /tag/i.test(tag.name)) return 'tag-key';
  const prefix = name.slice(0, name.indexOf(':'));
  if (prefix === 'aws') return 'global';
  // Keys of identity providers are named after the provider's address.
  if (/[./]/.test(prefix) || isPattern(name) || name.includes('${') || catalog.removedService(prefix)) return undefined;
  if (catalog.service(prefix) || catalog.ownsKeys(prefix)) return 'key';
  return 'service';
}

/** Keys that may be meant by a name that is none, as AWS spells them, likeliest first; the key of a tag is kept as it was written. Reads what the services of the statement define. */
export function nearKeys(written: string, statement: Statement, { catalog, facts }: RuleContext): readonly string[] {
  const colon = written.indexOf(':');
  const slash = written.indexOf('/', colon);
  const prefix = written.slice(0, Math.max(0, colon)).toLowerCase();
  const word = written.slice(colon + 1, slash < 0 ? undefined : slash).toLowerCase();
  const rest = slash < 0 ? '' : written.slice(slash);
  const services = [prefix, ...facts(statement).actions.map(({ service }) => service.prefix), ...FAMILIAR];
  const owned = [...new Set(services)].flatMap((service) => catalog.service(service)?.conditionKeys ?? []);
  const limit = Math.min(3, Math.floor(word.length / 4));
  const near = [...catalog.globalKeys, ...owned].flatMap(({ name }) => {
    const head = /^[^/$<]*/.exec(name)?.[0] ?? '';
    // What follows a slash is kept where AWS has a place for anything there, and else must not be there.
    if ((head === name) !== (rest === '') || (head !== name && name[head.length] !== '/')) return [];
    const at = head.indexOf(':');
    const own = head.slice(0, at).toLowerCase() === prefix;
    // Claims of identity providers are short and all alike.
    if (!own && (word.length < LONG_WORD || /[./]/.test(head.slice(0, at)))) return [];
    const most = own ? limit : Math.min(limit, 1);
    const distance = editDistance(word, head.slice(at + 1).toLowerCase(), most);
    return distance > most ? [] : [{ name: `${head}${rest}`, distance: own ? distance : distance + FOREIGN }];
  });
  const least = Math.min(...near.map(({ distance }) => distance));
  const names = near.flatMap(({ name, distance }) => (distance === least ? [name] : []));
  return [...new Set(names)].slice(0, MOST_KEYS);
}

/** Services whose keys people put under other prefixes. */
const FAMILIAR: readonly string[] = ['iam', 's3', 'kms', 'ec2', 'sts'];
const MOST_KEYS = 3;

/** A letter or two at the prefix that was written are likelier than another prefix. */
const FOREIGN = 2.5;
const LONG_WORD = 5;
