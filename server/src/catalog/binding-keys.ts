/**
 * Binding keys: which condition keys tie a request to somebody, to a network or to a purpose, and which hold for anybody.
 * A hand-kept table with its sources, `server/data/binding-keys.json`. All names here are in lower case. Knows no policies.
 */
import data from '../../data/binding-keys.json' with { type: 'json' };
import { memo } from './memo.ts';

/** The day on which the table was last compared with AWS's documentation, `2026-11-22`. */
export const BINDING_KEYS_DATE: string = data.date;

const KINDS = memo(() => ({
  binding: lowerCase([...data.who, ...data.from, ...data.for]),
  who: lowerCase(data.who),
  from: lowerCase(data.from),
  absent: lowerCase(data.absent),
  weak: new Map(Object.entries(data.weak).map(([key, why]) => [key.toLowerCase(), why])),
}));

/** Whether a value demanded of the key says who calls, from which network or on whose behalf, so that it shuts the rest of the world out. */
export function bindsRequest(key: string): boolean {
  return KINDS().binding.has(key) || key.startsWith('aws:principaltag/') || /:(sub|aud|amr|oaud)$/.test(key);
}

/** Whether the key says from which network a request comes. */
export function saysWhereFrom(key: string): boolean {
  return KINDS().from.has(key);
}

/** Whether the key binds, and requests from strangers or from elsewhere do not carry it: a condition that also holds without the key lets them in. */
export function isAbsentFromOthers(key: string): boolean {
  return KINDS().absent.has(key) || key.startsWith('aws:principaltag/');
}

/** Why a test of the key holds for anybody who wants it to; undefined where the table does not say so. */
export function whyWeak(key: string): string | undefined {
  return KINDS().weak.get(key);
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
