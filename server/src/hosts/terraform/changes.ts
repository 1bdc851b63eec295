/**
 * Changes: what an edit leaves as it was. Two readings of a file are laid side by side: what stands before all that
 * differs is where it was, what stands behind it has moved, and the names of what lies between mean something else.
 */
import type { Move } from '../../value/moved.ts';
import { isSettings, type TerraformFile } from './file.ts';
import type { Block, BodyItem, HclSpan } from './hcl/syntax.ts';
import { isTerraformJson } from './json/structure.ts';

/** What has become of the files of a module. */
export interface Changes {
  /** The names that may mean something else: `local.a`, `var.a`, addresses of resources, and `module` for all calls. */
  readonly names: ReadonlySet<string>;
  /** Where a place of a file started before; undefined for what is not certainly the same. */
  readonly placeBefore: (path: string, span: HclSpan) => number | undefined;
  /** Where places of what has not changed are now; undefined where all are where they were. */
  readonly move: Move | undefined;
}

/** What is the same in a file, at its beginning up to `head`, and at its end, which began at `before` and begins at `after`. */
interface Same {
  readonly head: number;
  readonly before: number;
  readonly after: number;
}

/** The changes from one reading of a module's files to the next; undefined where they cannot be told. */
export function changesBetween(old: readonly TerraformFile[], now: readonly TerraformFile[]): Changes | undefined {
  if (old.length !== now.length) return undefined;
  const names = new Set<string>();
  const changed = new Map<string, Same>();
  for (const [index, file] of now.entries()) {
    const other = old[index];
    if (!other || other.source.path !== file.source.path) return undefined;
    if (other === file) continue;
    if (isTerraformJson(file.source.path) || other.hcl.isHurried || file.hcl.isHurried) return undefined;
    changed.set(file.source.path, sameIn(other, file, names));
  }
  return { names, placeBefore: (path, span) => placeBefore(changed.get(path), span), move: moveBy(changed) };
}

function placeBefore(same: Same | undefined, { start, end }: HclSpan): number | undefined {
  if (!same || end <= same.head) return start;
  return start >= same.after ? start - same.after + same.before : undefined;
}

function moveBy(changed: ReadonlyMap<string, Same>): Move | undefined {
  if ([...changed.values()].every(({ before, after }) => before === after)) return undefined;
  return (span) => {
    const same = changed.get(span.source);
    if (!same || span.start < same.before || same.before === same.after) return span;
    const by = same.after - same.before;
    return { source: span.source, start: span.start + by, end: span.end + by };
  };
}

/** What is the same in two readings of a file. The names of all else go into `names`. */
function sameIn(old: TerraformFile, now: TerraformFile, names: Set<string>): Same {
  const [was, is] = [unitsOf(old), unitsOf(now)];
  const [a, b] = [old.source.text, now.source.text];
  const head = lettersBefore(a, b);
  const tail = lettersBehind(a, b, head);
  let first = 0;
  for (let one = was[first]; one && one.item.span.end <= head && isLike(one, is[first], 0); one = was[first]) first++;
  const by = b.length - a.length;
  let last = 0;
  const least = Math.min(was.length, is.length) - first;
  for (; last < least; last++) {
    const one = was[was.length - 1 - last];
    if (!one || one.item.span.start < a.length - tail || !isLike(one, is[is.length - 1 - last], by)) break;
  }
  for (const units of [was, is]) {
    for (const { name } of units.slice(first, units.length - last)) if (name !== undefined) names.add(name);
  }
  const before = was[was.length - last]?.item.span.start ?? a.length + 1;
  return { head: was[first - 1]?.item.span.end ?? 0, before, after: before + by };
}

/** A part of a file that gives a name a meaning, or that is read by itself. */
interface Unit {
  readonly item: BodyItem;
  readonly name: string | undefined;
}

/** The parts of a file, in source order: its blocks, and each of its locals and settings. */
function unitsOf({ source, hcl }: TerraformFile): readonly Unit[] {
  const settings = isSettings(source.path);
  const units: Unit[] = [];
  for (const item of hcl.body.items) {
    if (item.kind === 'attribute') units.push({ item, name: settings ? `var.${item.name}` : undefined });
    else if (item.type !== 'locals') units.push({ item, name: meaningOf(item) });
    else
      for (const inner of item.body.items)
        units.push({ item: inner, name: inner.kind === 'attribute' ? `local.${inner.name}` : undefined });
  }
  return units;
}

/** What a block gives a meaning. */
function meaningOf({ type, labels: [first, second] }: Block): string | undefined {
  if (type === 'module') return type;
  if (type === 'variable') return `var.${first?.text ?? ''}`;
  if (!first || !second || (type !== 'resource' && type !== 'data')) return undefined;
  return `${type === 'data' ? 'data.' : ''}${first.text}.${second.text}`;
}

/**
 * Whether a unit is where another was, so many letters further on. Their letters are the same, so they read alike; but what
 * was a local may stand outside of the block now.
 */
function isLike({ item: { span }, name }: Unit, other: Unit | undefined, by: number): boolean {
  return other?.item.span.start === span.start + by && other.item.span.end === span.end + by && other.name === name;
}

/** How many letters are the same from the beginning on. */
function lettersBefore(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a.charCodeAt(count) === b.charCodeAt(count)) count++;
  return count;
}

/** How many are the same at the end, beside those at the beginning. */
function lettersBehind(a: string, b: string, before: number): number {
  const most = Math.min(a.length, b.length) - before;
  let count = 0;
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count++;
  return count;
}
