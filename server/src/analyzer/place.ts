/**
 * Place: from a location in the answer of Access Analyzer to the very word in the user's file. The path counts, by our own
 * tree; the span of the answer only where there is no way along the path. Pure and total, whatever the answer says.
 */
import type { Policy } from '../policy/policy.ts';
import { type Span, spanOf } from '../text/text.ts';
import { type Document, type Member, type Piece, wordsOf } from './document.ts';
import type { Location, PathElement } from './shapes.ts';

/** Where something is. `statement` is the index of the statement that holds it. */
export interface Place {
  readonly span: Span;
  readonly statement: number | undefined;
  /** What AWS saw in place of what the file says, where the finding touches such a part. */
  readonly standsFor: string | undefined;
  /** `word`: one string or name of the file. */
  readonly grain: 'word' | 'block' | 'document';
}

/** The place of a location; undefined where it is one of no document that we know, or of the document as a whole. */
export function placeOf(location: Location, document: Document, policy: Policy): Place | undefined {
  const path = location.path ?? [];
  if (path.length === 0) return undefined;
  const range = rangeOf(location, document.text.length);
  return alongPath(path, document, policy, range) ?? (range ? aroundRange(range, document, policy) : undefined);
}

/** The document's own place: its first letter. */
export function headOf({ document }: Policy): Place {
  const { source, start } = document.span;
  return { span: { source, start, end: start + 1 }, statement: undefined, standsFor: undefined, grain: 'document' };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The offsets of a span, where it can be one of a text on one line. */
function rangeOf({ span }: Location, length: number): Range | undefined {
  const [start, end] = [span?.start, span?.end];
  if (!isOnOneLine(start) || !isOnOneLine(end)) return undefined;
  const range = { start: start?.offset ?? -1, end: end?.offset ?? -1 };
  return range.start >= 0 && range.start < range.end && range.end <= length ? range : undefined;
}

function isOnOneLine(position: NonNullable<Location['span']>['start']): boolean {
  return position?.line === 1 && Number.isInteger(position.offset) && position.offset === position.column;
}

/** A step taken: the piece, and the name where it is a member's. */
interface Step {
  readonly piece: Piece;
  readonly member: Member | undefined;
}

function alongPath(
  path: readonly PathElement[],
  document: Document,
  policy: Policy,
  range: Range | undefined,
): Place | undefined {
  const steps: Step[] = [{ piece: document.root, member: undefined }];
  for (const [index, element] of path.entries()) {
    const here = steps.at(-1);
    if (!here) return undefined;
    if (element.substring !== undefined) return insideString(element.substring, steps, policy);
    const next = stepInto(here.piece, element, range);
    if (!next) return undefined;
    if (element.key !== undefined)
      return index === path.length - 1 && next.member ? nameOf(next.member, [...steps, next], policy) : undefined;
    steps.push(next);
  }
  return pieceOf(steps, policy);
}

function stepInto(piece: Piece, element: PathElement, range: Range | undefined): Step | undefined {
  if (element.index !== undefined) {
    const item = piece.items[element.index];
    return item && { piece: item, member: undefined };
  }
  const name = element.value ?? element.key;
  const named = piece.members.filter((member) => member.name === name);
  const meant = named.find((member) => range && member.start <= range.start && range.end <= member.piece.end);
  const member = meant ?? named.at(-1);
  return member && { piece: member.piece, member };
}

/** The innermost piece around a range. */
function aroundRange(range: Range, document: Document, policy: Policy): Place | undefined {
  const steps: Step[] = [{ piece: document.root, member: undefined }];
  const holds = (one: Range) => one.start <= range.start && range.end <= one.end;
  for (;;) {
    const here = steps.at(-1);
    const name = here?.piece.members.find(holds);
    if (name) return nameOf(name, [...steps, { piece: name.piece, member: name }], policy);
    const member = here?.piece.members.find((one) => holds(one.piece));
    const item = here?.piece.items.find(holds);
    if (member) steps.push({ piece: member.piece, member });
    else if (item) steps.push({ piece: item, member: undefined });
    else break;
  }
  return steps.length > 1 ? pieceOf(steps, policy) : undefined;
}

function insideString(
  { start = 0, length = 0 }: NonNullable<PathElement['substring']>,
  steps: readonly Step[],
  policy: Policy,
): Place | undefined {
  const whole = pieceOf(steps, policy);
  const { value, standsFor } = steps.at(-1)?.piece ?? {};
  if (value?.kind !== 'text' || standsFor !== undefined) return whole;
  const isWithin = start >= 0 && length > 0 && start + length <= value.text.flat.length;
  const span = isWithin ? spanOf(value.text, start, start + length) : undefined;
  return whole && span ? { ...whole, span } : whole;
}

function nameOf({ entry, standsFor }: Member, steps: readonly Step[], policy: Policy): Place | undefined {
  if (!entry) return undefined;
  const { statement, hidden } = surroundings(steps, policy);
  const span = spanOf(entry.key) ?? entry.keySpan;
  return { span, statement, standsFor: standsFor ?? hidden, grain: 'word' };
}

/** A string stands for itself; of anything larger the name is marked, of a statement its head. */
function pieceOf(steps: readonly Step[], policy: Policy): Place | undefined {
  const last = steps.at(-1);
  const value = last?.piece.value;
  if (!last || !value || steps.length < 2) return undefined;
  const { statement, hidden } = surroundings(steps, policy);
  const standsFor = last.piece.standsFor ?? hidden;
  const found = policy.statements.find((one) => one.value === value);
  if (found) return { span: found.head, statement: found.index, standsFor, grain: 'block' };
  if (value.kind !== 'object' && value.kind !== 'list')
    return { span: wordsOf(value), statement, standsFor, grain: 'word' };
  const { entry } = last.member ?? {};
  const span = entry ? (spanOf(entry.key) ?? entry.keySpan) : value.span;
  return { span, statement, standsFor, grain: 'block' };
}

/** The statement that holds the last step, and whether something of it was left out of the question. */
function surroundings(steps: readonly Step[], policy: Policy) {
  const step = steps.find(({ piece }) => policy.statements.some(({ value }) => value === piece.value));
  const found = step && policy.statements.find(({ value }) => value === step.piece.value);
  return {
    statement: found?.index,
    hidden: step && isPartial(step.piece) ? 'what is known at deploy time only' : undefined,
  };
}

/** Whether a part of the statement itself, or of its conditions, was left out. */
function isPartial({ partial, members }: Piece): boolean {
  const condition = members.find(({ name }) => name === 'Condition')?.piece;
  return partial || (condition?.partial ?? false) || (condition?.members.some(({ piece }) => piece.partial) ?? false);
}
