/**
 * Service table: the services of one catalog file, each read when it is first asked for and kept. Holds no answers of
 * its own; never throws. Every other lookup of the catalog goes through it.
 */
import { hasBit } from './bits.ts';
import { kept, memo } from './memo.ts';
import { decodeProse } from './prose.ts';
import { ACCESS_LEVELS, type AccessLevel, type Action, type Service } from './service.ts';
import {
  type Details,
  decodeDetails,
  decodePiece,
  type Layout,
  NO_DETAILS,
  type Piece,
  type ReadBytes,
  readExtra,
  readText,
  type ServiceLayout,
} from './slices.ts';

/** The services of a catalog. */
export interface ServiceTable {
  /** Sorted by prefix. */
  all(): readonly Service[];
  /** By prefix in any case. */
  find(prefix: string): Service | undefined;
  /** How many actions the service has; needs nothing but the file's header. */
  size(service: Service): number;
  /** The names of the service's actions in lower case, by index. */
  lowerNames(service: Service): readonly string[];
  /** The index of an action by its name in any case. */
  indexOf(service: Service, name: string): number | undefined;
  /** The very object that stands in `service.actions`, without making the others. */
  action(service: Service, index: number): Action | undefined;
  /** Reads the names of all services at once (480 kB); without it each service's names are a read of their own. */
  readAllNames(): void;
}

/** A table that reads nothing until it is asked. */
export function serviceTable(bytes: ReadBytes, layout: Layout): ServiceTable {
  const titles = memo(() => readExtra<readonly Title[]>(bytes, layout, 'titles') ?? []);
  let allPieces: string | undefined;
  const first = layout.services[0]?.piece.offset ?? 0;
  // Names are ASCII, so that bytes and characters count alike.
  const pieceText = ({ piece }: ServiceLayout) =>
    allPieces?.slice(piece.offset - first, piece.offset - first + piece.length) ?? readText(bytes, piece);
  const places = new Map(layout.services.map((place, index) => [place.prefix, index]));
  const entries = new Map<string, Entry>();
  const entryOf = (prefix: string): Entry | undefined => {
    const index = places.get(prefix);
    const place = index === undefined ? undefined : layout.services[index];
    if (index === undefined || !place) return undefined;
    return kept(entries, prefix, () => {
      const piece = memo(() => decodePiece(pieceText(place), place.actions));
      const details = memo(() => detailsOf(bytes, place, piece()));
      const indices = memo(
        () =>
          new Map(
            piece()
              .lowerNames()
              .map((name, at) => [name, at]),
          ),
      );
      const service = lazyService(prefix, piece, details, () => titles()[index]);
      return { service, size: place.actions, piece, details, indices };
    });
  };
  const all = memo(() => layout.services.flatMap(({ prefix }) => entryOf(prefix)?.service ?? []));
  return {
    all,
    find: (prefix) => entryOf(prefix.toLowerCase())?.service,
    size: (service) => entryOf(service.prefix)?.size ?? 0,
    lowerNames: (service) => entryOf(service.prefix)?.piece().lowerNames() ?? [],
    indexOf: (service, name) => {
      return name === '' ? undefined : entryOf(service.prefix)?.indices().get(name.toLowerCase());
    },
    action: (service, index) => entryOf(service.prefix)?.details().action(index),
    readAllNames: () => {
      const last = layout.services.at(-1)?.piece;
      allPieces ??= last ? readText(bytes, { offset: first, length: last.offset + last.length - first }) : '';
    },
  };
}

/** The slice of a service; where it cannot be understood, actions with what the piece tells. */
function detailsOf(bytes: ReadBytes, place: ServiceLayout, piece: Piece): Details {
  const levelOf = (index: number): AccessLevel =>
    ACCESS_LEVELS.find((level) => hasBit(piece.levels()[level], index)) ?? 'Read';
  const service = { prefix: place.prefix, names: piece.names(), levelOf };
  const prose = memo(() => decodeProse(readText(bytes, place.prose)));
  const details = (text: string) => decodeDetails(text, service, prose);
  return details(readText(bytes, place.slice)) ?? details(EMPTY_SLICE) ?? NO_DETAILS;
}

function lazyService(
  prefix: string,
  piece: () => Piece,
  details: () => Details,
  title: () => Title | undefined,
): Service {
  return {
    prefix,
    get name() {
      return title()?.[0] ?? prefix;
    },
    get url() {
      const page = title()?.[1];
      return page ? `${REFERENCE}list_${page}.html` : undefined;
    },
    get names() {
      return piece().names();
    },
    get levels() {
      return piece().levels();
    },
    get scopable() {
      return piece().scopable();
    },
    get actions() {
      return details().actions();
    },
    at: (index) => details().action(index),
    resourcesOf: (index) => details().resources(index),
    get resourceTypes() {
      return details().resourceTypes();
    },
    get conditionKeys() {
      return details().conditionKeys();
    },
  };
}

interface Entry {
  readonly service: Service;
  readonly size: number;
  readonly piece: () => Piece;
  readonly details: () => Details;
  readonly indices: () => ReadonlyMap<string, number>;
}

/** The service's name and its page in the Service Authorization Reference, without `list_` and `.html`; empty where there is none. */
type Title = readonly [name: string, page: string];

const REFERENCE = 'https://docs.aws.amazon.com/service-authorization/latest/reference/';
const EMPTY_SLICE = '[[],[[]],[],[[]],[],[]]';
