/**
 * Finds every policy of a module: documents in blocks, the arguments that hold policies, and whatever else has a
 * policy's shape. One document is one site, however many arguments read it.
 */
import type { Problem } from '../../finding/finding.ts';
import { hintOfPath, isPolicyDocument } from '../../policy/kind.ts';
import type { PolicyKind, Reading, Site } from '../../policy/module.ts';
import { contains, type Span } from '../../text/text.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { isBoundaryName, isForeignArgument, policyArguments } from './arguments.ts';
import { documentOf } from './blocks.ts';
import { boundingIn, usesOf } from './consumers.ts';
import { documentsOf, type FoundDocument } from './documents.ts';
import { evaluationOf, restOf } from './evaluation.ts';
import { type NamedBlock, spanIn, type TerraformFile } from './file.ts';
import type { Attribute } from './hcl/syntax.ts';
import type { Remembered } from './memory.ts';
import { placesOf } from './places.ts';
import { evaluationIn, isNone } from './repetition.ts';
import { isDocument, type Origin, type Scope } from './scope.ts';

/** What is found: the sites in source order, the literals of locals that feed them, what is wrong in their JSON, and how each site came about. */
export interface FoundSites {
  readonly sites: readonly Site[];
  readonly readings: readonly Reading[];
  readonly problems: readonly Problem[];
  readonly drafts: readonly Draft[];
  /** Documents of texts that are not the module's own. */
  readonly foreign: readonly Draft[];
}

/** A site before it has its number. */
export interface Draft {
  readonly site: Site;
  readonly origins: readonly Origin[];
  readonly problems: FoundDocument['problems'];
  /** The expression that gives the document, where it is no block. */
  readonly from?: Span;
}

/** Finds the policies of a module. */
export function findSites(scope: Scope): FoundSites {
  const drafts = new Map<string, Draft>();
  for (const draft of statedDrafts(scope)) {
    const same = drafts.get(nameOf(draft));
    drafts.set(nameOf(draft), same ? shared(same, draft) : draft);
  }
  const taken = [...drafts.values()].flatMap((draft) => [draft.site.span, ...draft.origins.filter(isRead)]);
  for (const draft of shapedDrafts(scope, taken)) {
    if (!drafts.has(nameOf(draft))) drafts.set(nameOf(draft), draft);
  }
  return numbered([...drafts.values()], scope);
}

/** Documents in blocks and in the arguments that hold policies. */
function statedDrafts(scope: Scope, wanted: Wanted = () => true): readonly Draft[] {
  const bounding = boundingIn(scope.files);
  return [...blockDrafts(scope, bounding, wanted), ...argumentDrafts(scope, bounding, wanted)];
}

/** The same of a module under circumstances, without those that there are none of then. */
export function settledDrafts(scope: Scope, wanted: Wanted): readonly Draft[] {
  return statedDrafts(
    scope,
    (named, file, address) => wanted(named, file, address) && !isNone(named.block, file, scope),
  );
}

/** Whether a document is asked for, by the block and by the address of what holds it. */
export type Wanted = (named: NamedBlock, file: TerraformFile, address: string) => boolean;

function isRead({ variable }: Origin): boolean {
  return variable === undefined;
}

function nameOf({ site }: Draft): string {
  return `${site.span.start}:${site.span.source}`;
}

/** One document that two arguments read. */
function shared(a: Draft, b: Draft): Draft {
  const { holder, ...site } = a.site;
  const kind = a.site.kind === b.site.kind ? a.site.kind : undefined;
  const same = holder !== undefined && holder === b.site.holder;
  return { ...a, site: { ...site, kind, ...(same ? { holder } : {}) }, origins: [...a.origins, ...b.origins] };
}

function numbered(found: readonly Draft[], scope: Scope): FoundSites {
  const all = found.map((draft) => ({ ...draft, site: scope.memory.site(draft.site) }));
  const order = new Map(scope.files.map((file, index) => [file.source.path, index]));
  const drafts = all.filter(({ site }) => order.has(site.span.source));
  const foreign = all.filter(({ site }) => !order.has(site.span.source));
  drafts.sort(
    (a, b) =>
      (order.get(a.site.span.source) ?? 0) - (order.get(b.site.span.source) ?? 0) ||
      a.site.span.start - b.site.span.start,
  );
  const readings = drafts.flatMap(({ site, origins }, index): readonly Reading[] => {
    const outside = new Map(
      origins
        .filter((span) => isRead(span) && !contains(site.span, span))
        .map((span) => [`${span.source}:${span.start}:${span.end}`, span]),
    );
    return [...outside.values()].map((origin) => ({ origin, site: index }));
  });
  const problems = drafts.flatMap((draft) => draft.problems.map(syntaxProblem));
  return { sites: drafts.map((draft) => draft.site), readings, problems, drafts, foreign };
}

function blockDrafts(scope: Scope, bounding: ReadonlySet<string>, wanted: Wanted): readonly Draft[] {
  const uses = usesOf(scope, bounding);
  return scope.files.flatMap((file) => {
    const isWanted = (named: NamedBlock) => isDocument(named) && wanted(named, file, named.address);
    return file.resources.filter(isWanted).map((named): Draft => {
      const { value, origins, problems } = documentOf({ named, file }, evaluationOf(scope));
      const use = uses.get(named.name);
      const hint = use?.hint ?? hintOfPath(file.source.path);
      const site: Site = {
        value,
        kind: use?.kind,
        address: named.address,
        span: value.span,
        versionImplied: true,
        ...(use?.holder === undefined ? {} : { holder: use.holder }),
        ...(hint ? { hint } : {}),
      };
      return { site, origins, problems };
    });
  });
}

function argumentDrafts(scope: Scope, bounding: ReadonlySet<string>, wanted: Wanted): readonly Draft[] {
  return scope.files.flatMap((file) =>
    file.resources.flatMap((named) =>
      policyArguments(named, file, bounding).flatMap(({ attribute, path, kind, hint }) => {
        if (!wanted(named, file, `${named.address}.${path}`)) return [];
        const { documents, origins } = argumentRead(attribute, named, file, scope);
        const address = `${named.address}.${path}`;
        const from = spanIn(file.source, attribute.value.span);
        return documents.map((document) => ({
          ...draftOf(document, { address, kind, hint, holder: named.type }, origins),
          from,
        }));
      }),
    ),
  );
}

/** What an argument gives, read anew only where it may be otherwise than before. */
function argumentRead(attribute: Attribute, named: NamedBlock, file: TerraformFile, scope: Scope): Remembered {
  const { memory } = scope;
  const before = memory.recall(file, attribute.span);
  if (before) return before;
  const evaluation = evaluationIn(named, file, scope);
  const start = evaluation.left;
  const documents = documentsOf(attribute.value, file, evaluation);
  const { origins, left } = evaluation;
  const read = { documents, origins, size: start - left, ...restOf(evaluation) };
  memory.keep(file, attribute.span, read);
  return read;
}

interface Place {
  readonly address: string;
  readonly kind: PolicyKind | undefined;
  readonly hint: Site['hint'];
  readonly holder?: string;
}

function draftOf(document: FoundDocument, place: Place, origins: readonly Origin[]): Draft {
  const { address, kind, hint, holder } = place;
  const site: Site = {
    value: document.value,
    kind,
    address,
    span: document.value.span,
    versionImplied: false,
    ...(holder === undefined ? {} : { holder }),
    ...(hint ? { hint } : {}),
  };
  return { site, origins, problems: document.problems };
}

/** Policies in other places: locals, arguments of modules, arguments that no table knows. */
function shapedDrafts(scope: Scope, taken: readonly Span[]): readonly Draft[] {
  return scope.files.flatMap((file) =>
    placesOf(file).flatMap(({ expression, address, type, argument }) => {
      const span = spanIn(file.source, expression.span);
      if (isForeignArgument(type, argument) || taken.some((other) => contains(other, span))) return [];
      const evaluation = evaluationOf(scope);
      const found = documentsOf(expression, file, evaluation).filter(({ value }) => isPolicyDocument(value));
      const hint = hintOfPath(file.source.path) ?? (isBoundaryName(address) ? 'boundary' : undefined);
      return found.map((document) => draftOf(document, { address, kind: undefined, hint }, evaluation.origins));
    }),
  );
}
