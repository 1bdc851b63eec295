/**
 * Slices: reads `server/data/catalog.bin`, part by part. The file is `[u32 length, little-endian][JSON header]` and then,
 * end to end and in the header's order: a piece per service (its action names), a slice per service (what rules ask
 * about it), a prose per service (what people read about it), and the extras. The writing side is `scripts/update-catalog.mjs`. Never throws: a file that is cut off or foreign
 * has no header, a part that cannot be understood is undefined.
 */
import { bitsWhere } from './bits.ts';
import { memo } from './memo.ts';
import type { Prose } from './prose.ts';
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Action,
  type ActionResource,
  type ConditionKey,
  KEY_TYPES,
  type ResourceType,
  type Service,
} from './service.ts';

/** Gives `length` bytes of the file from `offset`, fewer where the file ends before; must not throw. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/** A package that the data comes from. */
export interface CatalogSource {
  readonly package: string;
  readonly version: string;
  readonly date?: string;
}

/** What stands where; offsets and lengths in bytes from the start of the file. */
export interface Layout {
  readonly date: string;
  readonly sources: readonly CatalogSource[];
  readonly services: readonly ServiceLayout[];
  readonly extras: Readonly<Record<string, Range>>;
  readonly arnOwners: Owners;
  readonly keyOwners: Owners;
}

/** A run of bytes. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Where one service stands, and how many actions it has. */
export interface ServiceLayout {
  readonly prefix: string;
  readonly actions: number;
  readonly piece: Range;
  readonly slice: Range;
  readonly prose: Range;
}

/** Which services own what stands under a foreign name. */
export type Owners = Readonly<Record<string, readonly string[]>>;

/** A service's action names with what one letter tells of each; everything is made when first asked for. */
export interface Piece {
  readonly names: () => readonly string[];
  readonly lowerNames: () => readonly string[];
  readonly levels: () => Service['levels'];
  readonly scopable: () => Service['scopable'];
}

/** The rest of a service; everything is made when first asked for, and once. */
export interface Details {
  readonly action: (index: number) => Action | undefined;
  readonly resources: (index: number) => readonly ActionResource[];
  readonly actions: () => readonly Action[];
  readonly resourceTypes: () => readonly ResourceType[];
  readonly conditionKeys: () => readonly ConditionKey[];
}

/** What a slice leaves to the piece. */
export interface NamedService {
  readonly prefix: string;
  readonly names: readonly string[];
  readonly levelOf: (index: number) => AccessLevel;
}

/** The file's layout; undefined where the header cannot be read or the file is shorter than the header says. */
export function readLayout(bytes: ReadBytes): Layout | undefined {
  const start = bytes(0, 4);
  if (start.length < 4) return undefined;
  const length = new DataView(start.buffer, start.byteOffset, 4).getUint32(0, true);
  if (length > LONGEST_HEADER) return undefined;
  return understood(readText(bytes, { offset: 4, length }), (text) => {
    const header = JSON.parse(text) as Header;
    if (header.format !== 2) return undefined;
    let offset = 4 + length;
    const next = (size: number): Range => {
      const range = { offset, length: size };
      offset += size;
      return range;
    };
    const pieces = header.pieces.map(next);
    const slices = header.slices.map(next);
    const proses = header.proses.map(next);
    const extras = Object.fromEntries(Object.entries(header.extras).map(([name, size]) => [name, next(size)]));
    if (bytes(offset - 1, 1).length < 1) return undefined;
    const services = header.services.split(' ').map((prefix, index) => ({
      prefix,
      actions: header.counts[index] ?? 0,
      piece: pieces[index] ?? NOTHING,
      slice: slices[index] ?? NOTHING,
      prose: proses[index] ?? NOTHING,
    }));
    const { date, sources, arnOwners, keyOwners } = header;
    return { date, sources, services, extras, arnOwners, keyOwners };
  });
}

/** The text of a part, as far as the file has it. */
export function readText(bytes: ReadBytes, range: Range): string {
  return DECODER.decode(bytes(range.offset, range.length));
}

/** The JSON of an extra; undefined where it is missing or no JSON. The caller knows its shape from the writing side. */
export function readExtra<Shape>(bytes: ReadBytes, layout: Layout, name: string): Shape | undefined {
  const range = layout.extras[name];
  return range && understood(readText(bytes, range), (text) => JSON.parse(text) as Shape);
}

/**
 * Names and sets from a piece: a letter for each action, then the names, separated by commas. Where their number is not
 * `size`, none is believed: as many empty names as there are actions.
 */
export function decodePiece(text: string, size: number): Piece {
  const split = (names: string) => {
    const entries = names.split(',');
    return entries.length === size ? entries : Array.from({ length: size }, () => '');
  };
  const code = (index: number) => text.charCodeAt(index) - FIRST_CODE;
  return {
    names: memo(() => split(text.slice(size))),
    lowerNames: memo(() => split(text.slice(size).toLowerCase())),
    levels: memo(() => levelsOf(size, (index) => code(index) % ACCESS_LEVELS.length)),
    scopable: memo(() => bitsWhere(size, (index) => code(index) >= ACCESS_LEVELS.length)),
  };
}

/** The actions of each access level, by the level's place among all. */
function levelsOf(size: number, placeOf: (index: number) => number): Service['levels'] {
  const none = () => new Uint32Array((size + 31) >>> 5);
  const levels = {
    List: none(),
    Read: none(),
    Write: none(),
    'Permissions management': none(),
    Tagging: none(),
  };
  for (let index = 0; index < size; index++) {
    const level = ACCESS_LEVELS[placeOf(index)];
    const bits = level && levels[level];
    if (bits) bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  return levels;
}

/** The rest of a service from its slice; undefined where the text is no slice. `prose` is asked for when somebody reads. */
export function decodeDetails(text: string, service: NamedService, prose: () => Prose): Details | undefined {
  return understood(text, (json) => {
    const [keys, keyLists, types, typeLists, typesOf, keysOf] = JSON.parse(json) as Slice;
    const namesOf = keyLists.map((list) => memo(() => list.map((index) => keys[index]?.[0] ?? '')));
    const usesOf = typeLists.map((list) =>
      memo(() =>
        Array.from({ length: list.length >>> 1 }, (_, index) => ({
          type: types[(list[index * 2] ?? 0) >>> 1]?.[0] ?? '',
          required: ((list[index * 2] ?? 0) & 1) === 1,
          conditionKeys: namesOf[list[index * 2 + 1] ?? 0]?.() ?? [],
        })),
      ),
    );
    const { prefix, names, levelOf } = service;
    const resources = (index: number) => usesOf[typesOf[index] ?? 0]?.() ?? [];
    const made: Action[] = [];
    const action = (index: number): Action | undefined => {
      const name = names[index];
      if (name === undefined) return undefined;
      made[index] ??= {
        service: prefix,
        name,
        level: levelOf(index),
        resourceTypes: resources(index),
        conditionKeys: namesOf[keysOf[index] ?? 0]?.() ?? [],
        index,
        get description() {
          return prose().description(index);
        },
        get dependentActions() {
          return prose().dependentActions(index);
        },
        get permissionOnly() {
          return prose().permissionOnly(index);
        },
        get url() {
          return prose().url(index, name);
        },
      };
      return made[index];
    };
    return {
      action,
      resources,
      actions: memo(() => names.flatMap((_, index) => action(index) ?? [])),
      resourceTypes: memo(() =>
        types.map(([key, arn, list]) => {
          return { service: prefix, key, arns: [arn], conditionKeys: namesOf[list]?.() ?? [] };
        }),
      ),
      conditionKeys: memo(() =>
        keys.map(([name, type], index) => decodeKey(name, type, () => prose().key(index), undefined)),
      ),
    };
  });
}

/** A condition key from its codes. */
export function decodeKey(
  name: string,
  type: number,
  description: () => string,
  category: string | undefined,
): ConditionKey {
  const multivalued = type >= MULTIVALUED;
  return {
    name,
    type: KEY_TYPES[type % MULTIVALUED] ?? 'String',
    multivalued,
    category,
    get description() {
      return description();
    },
  };
}

/** The only place that catches: bytes that are not what the writing side writes give undefined. */
export function understood<Result>(text: string, decode: (text: string) => Result | undefined): Result | undefined {
  try {
    return decode(text);
  } catch {
    return undefined;
  }
}

interface Header {
  readonly format: number;
  readonly date: string;
  readonly sources: readonly CatalogSource[];
  /** Prefixes, sorted, separated by spaces. */
  readonly services: string;
  readonly counts: readonly number[];
  readonly pieces: readonly number[];
  readonly slices: readonly number[];
  readonly proses: readonly number[];
  readonly extras: Readonly<Record<string, number>>;
  readonly arnOwners: Owners;
  readonly keyOwners: Owners;
}

/** Lists are interned: elsewhere a number is a position in one. A type list alternates `type * 2 + required` and a key list. */
type Slice = readonly [
  keys: readonly (readonly [name: string, type: number])[],
  keyLists: readonly (readonly number[])[],
  types: readonly (readonly [key: string, arn: string, keyList: number])[],
  typeLists: readonly (readonly number[])[],
  /** Of each action its type list, and its key list. */
  typesOf: readonly number[],
  keysOf: readonly number[],
];

/** Of a service that has nothing. */
export const NO_DETAILS: Details = {
  action: () => undefined,
  actions: () => [],
  resources: () => [],
  resourceTypes: () => [],
  conditionKeys: () => [],
};

const DECODER = new TextDecoder();
const NOTHING: Range = { offset: 0, length: 0 };
const LONGEST_HEADER = 1 << 20;
const FIRST_CODE = 65;
const MULTIVALUED = 16;
