/**
 * Key notes: what AWS documents of condition keys beyond their names and types, read from a hand-kept table with its
 * sources. All names here are in lower case. Knows no policies.
 */
import data from '../../data/condition-keys.json' with { type: 'json' };
import { memo } from './memo.ts';

/** What is to be known of some condition keys. */
export interface KeyNotes {
  /** Global keys that are newer than the catalog, or that AWS accepts without documenting them. */
  readonly alsoGlobal: ReadonlySet<string>;
  /** Global keys that AWS no longer supports, with those that stand in for them as AWS spells them, likeliest first. */
  readonly unsupported: ReadonlyMap<string, readonly string[]>;
  /** Keys whose value any caller sets as it likes: headers of the request. */
  readonly forgeable: ReadonlySet<string>;
  /** Keys about the owner of a VPC endpoint, which only some services put into the request. */
  readonly endpointOwner: ReadonlySet<string>;
  /** Prefixes of the services that do, as of {@link KEY_NOTES_DATE}. */
  readonly endpointOwnerServices: ReadonlySet<string>;
  /** Actions of those services that do not. */
  readonly endpointOwnerExceptions: ReadonlySet<string>;
  /** Keys of one value by the service reference that AWS's own guides compare with `ForAllValues`. */
  readonly comparedAsSets: ReadonlySet<string>;
  /** Prefixes whose actions list in the service reference all keys that they carry; elsewhere lists have gaps. */
  readonly wellDescribed: ReadonlySet<string>;
}

/** The table, made when first asked for. */
export const keyNotes: () => KeyNotes = memo(() => ({
  alsoGlobal: lowerCase(data.alsoGlobal),
  unsupported: new Map(Object.entries(data.unsupported)),
  forgeable: lowerCase(data.forgeable),
  endpointOwner: lowerCase(data.endpointOwner.keys),
  endpointOwnerServices: lowerCase(data.endpointOwner.services),
  endpointOwnerExceptions: lowerCase(data.endpointOwner.exceptActions),
  comparedAsSets: lowerCase(data.comparedAsSets),
  wellDescribed: lowerCase(data.wellDescribed),
}));

/** The day on which the table was last compared with AWS's documentation, `2026-11-22`. */
export const KEY_NOTES_DATE: string = data.date;

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
