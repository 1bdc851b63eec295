/**
 * Finds the policies of documents: in templates where the table says, and everywhere what has the shape of one. Numbers
 * them in source order, with the literals elsewhere that feed them.
 */
import { hintOfPath, isPolicyDocument } from '../../policy/kind.ts';
import type { PolicyKind, Reading, Site, Thing } from '../../policy/module.ts';
import { contains, holeText, type Span } from '../../text/text.ts';
import type { JsonProblem } from '../../value/json.ts';
import { entryOf, type ObjectValue, type Value } from '../../value/value.ts';
import { documentAround, documentInText, documentsIn, type FoundDocument } from './documents.ts';
import { evaluate, evaluationOf } from './evaluate.ts';
import { boundingIn, isBoundaryName, type PolicyPlace, placesOf } from './places.ts';
import { emptyScope, isServerless, type Resource, type Scope, type Template, templatesIn } from './scope.ts';
import { serverlessStatements } from './serverless.ts';
import { replaced } from './texts.ts';

/** What documents hold. Problems are of JSON in texts. */
export interface FoundSites {
  readonly sites: readonly Site[];
  readonly readings: readonly Reading[];
  readonly things: readonly Thing[];
  readonly problems: readonly JsonProblem[];
}

/** Finds the policies of the documents of one file. */
export function findSites(documents: readonly Value[], path: string): FoundSites {
  const search: Search = { drafts: [], taken: [], things: [], path };
  documents.forEach((document, i) => {
    const before = documents.length > 1 ? `[${i}].` : '';
    const templates = templatesIn(document).map((one) => ({ ...one, prefix: before + one.prefix }));
    for (const template of templates) {
      searchTemplate(template, search);
      for (const resource of template.scope.resources.values()) search.things.push(...thingOf(resource));
    }
    const scope = scopeOf(document, templates);
    for (const { value, address, kind } of serverlessStatements(document))
      addStatements(evaluate(value, evaluationOf(scope)), { address: before + address, kind, implied: true }, search);
    searchShapes(document, before, scope, search);
  });
  return numbered(search);
}

function scopeOf(document: Value, templates: readonly Template[]): Scope {
  const [template] = templates;
  const marks = isServerless(document) ? 'all' : 'plain names';
  return template ? { ...template.scope, marks: template.root === document ? 'none' : marks } : emptyScope(marks);
}

interface Draft {
  readonly site: Site;
  readonly problems: readonly JsonProblem[];
}

/** What was found so far. `taken` are places that were looked at already. */
interface Search {
  readonly drafts: Draft[];
  readonly taken: Span[];
  readonly things: Thing[];
  readonly path: string;
}

/** What the place of a policy says of it. */
interface Place {
  readonly address: string;
  readonly kind: PolicyKind | undefined;
  readonly hint?: Site['hint'];
  readonly holder?: string;
  /** The Version is not the author's to write. */
  readonly implied?: true;
}

function thingOf(resource: Resource): readonly Thing[] {
  if (!resource.type.startsWith('AWS::')) return [];
  const { id, type, entry, conditional } = resource;
  return [{ id, type, name: id, span: entry.span, ...(conditional ? { several: true as const } : {}) }];
}

function searchTemplate(template: Template, search: Search): void {
  const bounding = boundingIn(template);
  for (const resource of template.scope.resources.values()) {
    const { properties, id, type } = resource;
    if (!properties) continue;
    for (const place of placesOf(resource, bounding)) {
      const [first = '', ...rest] = place.path;
      const value = entryOf(properties, first)?.value;
      if (!value) continue;
      search.taken.push(value.span);
      if (place.form === 'foreign') continue;
      const address = `${template.prefix}Resources.${id}.Properties.${first}`;
      const worth = evaluate(value, evaluationOf(template.scope));
      for (const found of valuesAt(worth, rest, address)) addPlace(found, place, type, search);
    }
  }
}

interface Addressed {
  readonly value: Value;
  readonly address: string;
}

/** The values at a path; lists and choices on the way count with each of their members. */
function valuesAt(value: Value, path: readonly string[], address: string): readonly Addressed[] {
  const [key, ...rest] = path;
  if (key === undefined) return [{ value, address }];
  switch (value.kind) {
    case 'list':
      return value.items.flatMap((item, i) => valuesAt(item.value, path, `${address}[${i}]`));
    case 'choice':
      return value.options.flatMap((option) => valuesAt(option, path, address));
    case 'object': {
      const entries = key === '*' ? value.entries : [entryOf(value, key)];
      return entries.flatMap((entry) => (entry ? valuesAt(entry.value, rest, `${address}.${entry.key.flat}`) : []));
    }
    case 'text':
    case 'scalar':
    case 'unknown':
      return [];
  }
}

function addPlace(
  { value, address }: Addressed,
  { form, kind, hint }: PolicyPlace,
  holder: string,
  search: Search,
): void {
  const place: Place = { address, kind, holder, ...(hint ? { hint } : {}) };
  if (form === 'statements') addStatements(value, { ...place, implied: true }, search);
  else if (form === 'mixed') addMixed(value, place, search);
  else for (const document of documentsIn(value)) addDraft(document, place, search);
}

function addMixed(value: Value, place: Place, search: Search): void {
  if (value.kind === 'list')
    value.items.forEach((item, i) => {
      addMixed(item.value, { ...place, address: `${place.address}[${i}]` }, search);
    });
  else if (value.kind === 'choice') for (const option of value.options) addMixed(option, place, search);
  else if (value.kind === 'object' && entryOf(value, 'Statement')) addDraft({ value, problems: [] }, place, search);
}

function addStatements(value: Value, place: Place, search: Search): void {
  const document = documentAround(value);
  if (document) addDraft({ value: document, problems: [] }, place, search);
}

function addDraft({ value, problems }: FoundDocument, place: Place, search: Search): void {
  const { address, kind, holder } = place;
  const hint = place.hint ?? hintOfPath(search.path);
  const site: Site = {
    value,
    kind,
    address,
    span: value.span,
    versionImplied: place.implied ?? false,
    ...(holder === undefined ? {} : { holder }),
    ...(hint ? { hint } : {}),
  };
  search.drafts.push({ site, problems });
  search.taken.push(value.span);
}

/** Policies in places that no table knows: what has the shape of one, as an object or as JSON in a text. */
function searchShapes(root: Value, before: string, scope: Scope, search: Search): void {
  const taken = new Map<number, Span[]>();
  for (const span of search.taken) {
    const same = taken.get(span.start);
    if (same) same.push(span);
    else taken.set(span.start, [span]);
  }
  const stack: { readonly value: Value; readonly address: string; readonly key: string }[] = [
    { value: root, address: before.replace(/\.$/, ''), key: '' },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, address, key } = next;
    if (taken.get(value.span.start)?.some((span) => contains(span, value.span))) continue;
    const found = shapeIn(key === 'fmt' ? formatted(value) : value, scope);
    if (found) {
      addDraft(found, shapedPlace(address, key), search);
    } else if (value.kind === 'object')
      for (let i = value.entries.length - 1; i >= 0; i--) {
        const entry = value.entries[i];
        const name = entry?.key.flat ?? '';
        if (entry) stack.push({ value: entry.value, address: address ? `${address}.${name}` : name, key: name });
      }
    else if (value.kind === 'list')
      for (let i = value.items.length - 1; i >= 0; i--) {
        const item = value.items[i];
        if (item) stack.push({ value: item.value, address: `${address}[${i}]`, key });
      }
  }
}

function shapedPlace(address: string, key: string): Place {
  const kind = /^assumeRolePolicy(?:Document)?$/i.test(key) ? 'trust' : undefined;
  return isBoundaryName(address) ? { address, kind, hint: 'boundary' } : { address, kind };
}

function shapeIn(value: Value, scope: Scope): FoundDocument | undefined {
  if (value.kind === 'object' && mayBeDocument(value)) {
    const worth = evaluate(value, evaluationOf(scope));
    const [document] = worth.kind === 'object' ? [{ value: worth, problems: [] }] : documentsIn(worth);
    return document && isPolicyDocument(document.value) ? document : undefined;
  }
  if (value.kind !== 'text' || !value.text.flat.includes('"Statement"')) return undefined;
  const worth = evaluate(value, evaluationOf(scope));
  const [document] = worth.kind === 'text' ? documentInText(worth) : [];
  return document && isPolicyDocument(document.value) ? document : undefined;
}

/** A format of Crossplane's patches: its verbs are filled in. Source: Crossplane, "String transforms". */
function formatted(value: Value): Value {
  if (value.kind !== 'text') return value;
  const text = replaced(value.text, /%(?:\[\d+\])?[sdvtq]/g, ([verb], span) => holeText(verb, span));
  return { ...value, text };
}

/** An object with statements, or a function that may give one: what it says mentions them. */
function mayBeDocument(object: ObjectValue): boolean {
  const [only] = object.entries;
  if (entryOf(object, 'Statement')) return true;
  if (object.entries.length !== 1 || (only?.key.flat !== 'Fn::Sub' && only?.key.flat !== 'Fn::Join')) return false;
  return textsIn(only.value).some((text) => text.includes('"Statement"'));
}

function textsIn(value: Value): readonly string[] {
  if (value.kind === 'text') return [value.text.flat];
  return value.kind === 'list' ? value.items.flatMap((item) => textsIn(item.value)) : [];
}

function numbered({ drafts, things }: Search): FoundSites {
  const ordered = [...drafts].sort((a, b) => a.site.span.start - b.site.span.start);
  const readings = ordered.flatMap(({ site }, index) =>
    [...originsIn(site.value).values()].map((origin) => ({ origin, site: index })),
  );
  return {
    sites: ordered.map(({ site }) => site),
    readings,
    things,
    problems: ordered.flatMap(({ problems }) => problems),
  };
}

/** The places of what does not stand within the value that holds it: aliases, merged entries, what maps say. */
function originsIn(root: Value): ReadonlyMap<string, Span> {
  const origins = new Map<string, Span>();
  const note = (outer: Span, inner: Span) => {
    if (!contains(outer, inner)) origins.set(`${inner.start}-${inner.end}`, inner);
  };
  const stack: Value[] = [root];
  for (let value = stack.pop(); value; value = stack.pop()) {
    if (value.kind === 'list')
      for (const item of value.items) {
        note(value.span, item.value.span);
        stack.push(item.value);
      }
    else if (value.kind === 'object')
      for (const entry of value.entries) {
        note(value.span, entry.span);
        note(entry.span, entry.value.span);
        stack.push(entry.value);
      }
    else if (value.kind === 'choice')
      for (const option of value.options) {
        note(value.span, option.span);
        stack.push(option);
      }
  }
  return origins;
}
