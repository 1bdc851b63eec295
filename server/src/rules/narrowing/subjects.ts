/**
 * Subjects: what a pattern on a token's `sub` lets in, with a subject that nobody meant, and what it may be narrowed to.
 * Compares a pattern with the forms of the table; knows no conditions. Holes are one character each, as in a Text's `flat`.
 */
import type { OidcProvider, Subject, SubjectField } from '../../catalog/oidc-providers.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { globIncludes, globMatches } from '../../policy/pattern.ts';
import { HOLE } from '../../text/text.ts';

/** What a pattern leaves open. */
export interface Opening {
  readonly level: 'warning' | 'info';
  /** Who is admitted, as in "admits every repository"; undefined where it is whoever has a name that begins alike. */
  readonly of: string | undefined;
  /** A subject that the pattern matches and nobody meant; holes stay holes. */
  readonly stranger: string;
}

/** The gravest opening of a pattern in one of the forms; undefined where it has none, or is of no form. */
export function openingOf(pattern: string, subjects: readonly Subject[]): Opening | undefined {
  const found = readPattern(pattern, subjects);
  if (!found) return undefined;
  const { level, of } = found;
  const stranger = completions(found, sampleFor).find((text) => globMatches(pattern, text));
  return stranger === undefined ? undefined : { level, of, stranger };
}

/** Patterns without an opening in place of one that has, with parts to be filled in; the pattern takes all of them in. */
export function narrowSubject(
  pattern: string,
  subjects: readonly Subject[],
  { proposals }: OidcProvider,
): readonly string[] {
  const found = readPattern(pattern, subjects);
  const last = found?.subject.fields[found.subject.fields.length - 1];
  if (!found || !last) return [];
  const ends = proposals.length > 0 ? proposals.map(spellOut) : [blankOf(last)];
  const texts = ends.flatMap((end) => {
    const made = completions(found, (place) => (place.field === last ? endFor(place, end) : blankFor(place)));
    return made.find((text) => globIncludes(pattern, text) && !openingOf(text, subjects)) ?? [];
  });
  return [...new Set(texts)];
}

/** A pattern taken apart by the form that fits it best, and its gravest opening. */
interface Reading {
  readonly subject: Subject;
  /** What stands before the first place. */
  readonly head: string;
  readonly places: readonly Place[];
  readonly level: 'warning' | 'info';
  readonly of: string | undefined;
}

/** A field of the form and the part of the pattern that stands for it; `last` where nothing of the pattern is left for the next field. */
interface Place {
  readonly field: SubjectField;
  readonly index: number;
  readonly text: string;
  /** What stands in the field before its first star. */
  readonly before: string;
  readonly last: boolean;
}

function readPattern(pattern: string, subjects: readonly Subject[]): Reading | undefined {
  if (!pattern.includes('*')) return undefined;
  const [best] = subjects
    .map((subject) => ({ subject, ...placesOf(pattern, subject) }))
    .sort((a, b) => b.places.length - a.places.length);
  const open = best ? [...best.places, ...swallowed(best)].flatMap((place) => looseness(place) ?? []) : [];
  const gravest = open.find(({ level }) => level === 'warning') ?? open[0];
  if (!best || !gravest) return undefined;
  // What a hole before the star holds may be more than one field.
  const unsure = pattern.slice(0, pattern.lastIndexOf('*')).includes(HOLE);
  return { ...best, ...gravest, level: unsure ? 'info' : gravest.level };
}

/** The fields that a star at the very end takes in beside its own. */
function swallowed({ subject, places }: Pick<Reading, 'subject' | 'places'>): readonly Place[] {
  const end = places[places.length - 1];
  if (!end?.text.endsWith('*') || end.before.includes(HOLE)) return [];
  return subject.fields.slice(end.index + 1).map((field, after) => openPlace(field, end.index + 1 + after));
}

function openPlace(field: SubjectField, index: number): Place {
  return { field, index, text: '*', before: '', last: false };
}

/** The fields that the pattern has letters for; none where it is of another form. */
function placesOf(pattern: string, { literals, fields }: Subject): Pick<Reading, 'head' | 'places'> {
  const [head = ''] = literals;
  const [first] = fields;
  const star = pattern.indexOf('*');
  if (star < head.length && head.startsWith(pattern.slice(0, star)) && first)
    return { head, places: [{ field: first, index: 0, text: pattern.slice(star), before: '', last: true }] };
  const places: Place[] = [];
  for (let [index, from] = [0, head.length]; pattern.startsWith(head) && index < fields.length; index++) {
    const field = fields[index];
    const { text, next } = fieldText(pattern, from, literals[index + 1]);
    if (field) places.push({ field, index, text, before: text.split('*', 1)[0] ?? '', last: next === undefined });
    if (next === undefined) break;
    from = next;
  }
  return behindHole(pattern, { literals, fields }) ?? { head, places };
}

/** The letters of a field that begins at `from`, and where the next one begins; a star may stand for part of what is between them. */
function fieldText(
  pattern: string,
  from: number,
  literal: string | undefined,
): { readonly text: string; readonly next: number | undefined } {
  const end = literal === undefined ? -1 : pattern.indexOf(literal, from);
  const text = pattern.slice(from, end < 0 ? undefined : end);
  if (literal === undefined || (end >= 0 && !text.includes(':')))
    return { text, next: end < 0 ? undefined : end + (literal?.length ?? 0) };
  const rest = pattern.slice(from);
  const before = rest.split('*', 1)[0] ?? '';
  for (let length = literal.length - 1; length > 0 && before !== rest; length--) {
    if (before.endsWith(literal.slice(0, length)) && !before.slice(0, -length).includes(':'))
      return { text: before.slice(0, -length), next: from + before.length };
  }
  return { text: rest, next: undefined };
}

/** A hole may stand for several fields: then only what stands behind it tells which field the star is in. */
function behindHole(pattern: string, { literals, fields }: Subject): Pick<Reading, 'head' | 'places'> | undefined {
  const index = fields.length - 1;
  const [head = '', field, literal] = [literals[0], fields[index], literals[index]];
  const tail = `${HOLE}${literal}*`;
  if (!field || pattern.slice(head.length) !== tail || !pattern.startsWith(head)) return undefined;
  return { head: pattern.slice(0, -1), places: [{ field, index, text: '*', before: '', last: true }] };
}

function looseness({ field, text, before }: Place): Pick<Reading, 'level' | 'of'> | undefined {
  if (!text.includes('*') || before.includes(HOLE)) return undefined;
  const start = field.starts.find(({ sample }) => sample.startsWith(before));
  if (field.starts.length > 0) return start && field.loose ? { level: field.loose, of: start.of } : undefined;
  const level = before === '' ? field.loose : field.partial;
  return level && { level, of: before === '' ? field.of : undefined };
}

/** Whether the letters may be a whole name. */
function isWhole(before: string): boolean {
  return /[a-z0-9}]$/i.test(before);
}

/** What a stranger has in place of the first star of the field. */
function sampleFor({ before, field }: Place): string {
  const start = field.starts.find(({ sample }) => sample.startsWith(before));
  if (field.starts.length > 0) return start?.sample.slice(before.length) ?? '';
  if (before === '') return field.sample;
  return isWhole(before) ? '-evil' : 'evil';
}

function blankFor({ before, field }: Place): string {
  return isWhole(before) ? '' : blankOf(field);
}

/** The end of a subject, as far as it is not there yet; `*` where it is another one. */
function endFor({ before }: Place, end: string): string {
  return end.startsWith(before) ? end.slice(before.length) : '*';
}

/** The pattern with `fill` for the first star of each field, and the fields that a last star took in: once instead of all behind it, once before that. */
function completions({ subject, head, places }: Reading, fill: (place: Place) => string): readonly string[] {
  let done = head;
  for (const place of places) {
    const star = place.text.indexOf('*');
    const tail = place.text.slice(star + 1);
    if (place.last && star >= 0) {
      done += place.before + fill(place);
      const kept = tail.replaceAll('*', '');
      const whole = tail.includes('*') ? [done + restOf(place, '', subject, fill)] : [];
      return [...whole, done + restOf(place, kept, subject, fill) + kept].map(withoutMarks);
    }
    done += star < 0 ? place.text : place.before + fill(place) + tail.replaceAll('*', '');
    if (!place.last) done += subject.literals[place.index + 1] ?? '';
  }
  return [withoutMarks(done)];
}

function withoutMarks(text: string): string {
  return text.replaceAll('?', 'x');
}

/** The fields that the last star took in: up to the one that the tail goes on with, or all. */
function restOf({ index }: Place, tail: string, { literals, fields }: Subject, fill: (place: Place) => string): string {
  let rest = '';
  for (let next = index + 1; next < fields.length; next++) {
    const [field, literal = ''] = [fields[next], literals[next]];
    if (!field || (tail !== '' && tail.startsWith(literal))) break;
    rest += literal + fill(openPlace(field, next));
  }
  return rest;
}

/** What is to be filled in; a star where that would be no gain. */
function blankOf(field: SubjectField): string {
  return field.loose ? placeholderOf(field) : '*';
}

function placeholderOf({ name }: SubjectField): string {
  return `${PLACEHOLDER}${name.replace(/\W+/g, '_').toUpperCase()}`;
}

/** A whole subject of the provider, or a pattern for it, with parts to be filled in; undefined where its form is not known. */
export function proposedSubject({ subjects, proposals }: OidcProvider): string | undefined {
  const [subject] = subjects;
  if (!subject) return undefined;
  const { literals, fields } = subject;
  const blanks = fields.map((field, index) =>
    index === fields.length - 1 && proposals[0] ? spellOut(proposals[0]) : blankOf(field),
  );
  return literals.map((literal, index) => literal + (blanks[index] ?? '')).join('');
}

function spellOut(proposal: string): string {
  return proposal.replace(/<([\w-]+)>/g, (_, name: string) => `${PLACEHOLDER}${name.toUpperCase()}`);
}
