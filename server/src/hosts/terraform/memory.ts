/**
 * Memory: what the policies of a module were found to be when it was read before, so that after an edit only those are
 * evaluated again that stand in what changed, or asked for a name of it. What is remembered is moved to where it stands now.
 */
import type { Site } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import { sameContent } from '../../value/content.ts';
import { type Move, mapped, movedValue } from '../../value/moved.ts';
import type { Value } from '../../value/value.ts';
import type { Changes } from './changes.ts';
import type { FoundDocument } from './documents.ts';
import { UNSETTLED } from './evaluation.ts';
import type { TerraformFile } from './file.ts';
import type { HclSpan } from './hcl/syntax.ts';
import type { Known, Origin } from './scope.ts';

/** What was read at one place, and what that rested on. */
export interface Remembered extends Omit<Known, 'value'> {
  readonly documents: readonly FoundDocument[];
}

/** What is remembered of a scope, by places. */
export interface Memory {
  /** What was read at a place of a file, as it is now; undefined where it may be otherwise than it was. */
  readonly recall: (file: TerraformFile, span: HclSpan) => Remembered | undefined;
  readonly keep: (file: TerraformFile, span: HclSpan, read: Remembered) => void;
  /** The site as it was before, the very same, where nothing of it has changed or moved. */
  readonly site: (site: Site) => Site;
  /** The memory of the same module where variables have their defaults. */
  readonly byDefault: Memory;
}

/** What a reading leaves to the next one: by path, then by where the place starts. */
export interface Kept {
  readonly own: Store;
  readonly byDefault: Store;
}

interface Store {
  readonly places: Map<string, Map<number, Remembered>>;
  readonly sites: Map<Value, Site>;
}

const newStore = (): Store => ({ places: new Map(), sites: new Map() });

/** A memory of nothing, which keeps nothing. */
export const NO_MEMORY: Memory = {
  recall: () => undefined,
  keep: () => {},
  site: (site) => site,
  get byDefault() {
    return NO_MEMORY;
  },
};

/** A memory of what was kept, as far as the changes since then leave it as it was; of nothing where they are not known. `kept` is what it leaves itself. */
export function openMemory(before: Kept | undefined, changes: Changes | undefined): { memory: Memory; kept: Kept } {
  const kept: Kept = { own: newStore(), byDefault: newStore() };
  const old = changes && before;
  const byDefault = memoryOf(old?.byDefault, kept.byDefault, changes, NO_MEMORY);
  return { memory: memoryOf(old?.own, kept.own, changes, byDefault), kept };
}

function memoryOf(before: Store | undefined, after: Store, changes: Changes | undefined, byDefault: Memory): Memory {
  const keep: Memory['keep'] = ({ source: { path } }, { start }, read) => {
    if (read.reads.includes(UNSETTLED)) return;
    const places = after.places.get(path);
    if (places) places.set(start, read);
    else after.places.set(path, new Map([[start, read]]));
  };
  const recall: Memory['recall'] = (file, span) => {
    const { path } = file.source;
    const at = before && changes?.placeBefore(path, span);
    const found = at === undefined ? undefined : before?.places.get(path)?.get(at);
    if (!found || !changes || found.reads.some((name) => changes.names.has(name))) return undefined;
    const read = changes.move ? moved(found, changes.move) : found;
    keep(file, span, read);
    return read;
  };
  const site: Memory['site'] = (now) => {
    const old = before?.sites.get(now.value);
    const one = old && isSame(old, now) ? old : now;
    after.sites.set(one.value, one);
    return one;
  };
  return { recall, keep, site, byDefault };
}

/** Whether two sites that hold the very same value are alike. */
function isSame(a: Site, b: Site): boolean {
  return (
    a.kind === b.kind &&
    a.address === b.address &&
    a.holder === b.holder &&
    a.hint === b.hint &&
    a.versionImplied === b.versionImplied
  );
}

function moved(read: Remembered, move: Move): Remembered {
  const documents = mapped(read.documents, (document) => {
    const value = movedValue(document.value, move);
    return value === document.value ? document : { ...document, value: sameContent(document.value, value) };
  });
  const origins = mapped(read.origins, (origin) => movedOrigin(origin, move));
  return documents === read.documents && origins === read.origins ? read : { ...read, documents, origins };
}

function movedOrigin(origin: Origin, move: Move): Origin {
  const span: Span = move(origin);
  return span === origin ? origin : { ...origin, start: span.start, end: span.end };
}
