/**
 * Instances: the policies of a module as its calls, its readers and its defaults make them, as far as this says more than
 * their own text. Judges nothing.
 */
import type { Cause, IgnoreDirective, Instance, Site } from '../../policy/module.ts';
import type { Span } from '../../text/text.ts';
import { canonicalValue } from '../../value/value.ts';
import { folderOf } from './beside.ts';
import { type Called, callsOf } from './calls.ts';
import { attributeOf } from './file.ts';
import type { Definition, Origin, Scope } from './scope.ts';
import { type Draft, type FoundSites, settledDrafts, type Wanted } from './sites.ts';
import { templateSite } from './templates.ts';
import { hintOf } from './variables.ts';

/** What is found in the module of a folder that is called, by itself. */
export type FoundIn = (folder: string) => FoundSites;

/** The instances of a module; `found` is what its own text says. */
export function instancesOf(scope: Scope, found: FoundSites, foundIn: FoundIn): readonly Instance[] {
  return [...calledInstances(scope, found, foundIn), ...readInstances(scope, found), ...defaultInstances(scope, found)];
}

function calledInstances(scope: Scope, found: FoundSites, foundIn: FoundIn): readonly Instance[] {
  return allCalls(scope).flatMap(({ called, span }) => {
    const folder = folderOf(called.scope.files[0]?.source.path ?? '');
    const { sites, drafts } = foundIn(folder);
    const settled = new Set(drafts.flatMap(({ site, origins }) => (origins.some(isOpen) ? [] : [site.address])));
    const wanted: Wanted = ({ block }, _, address) =>
      !settled.has(address) || attributeOf(block, 'for_each') !== undefined;
    const directives = called.scope.files.flatMap((file) => file.directives);
    const cause: Cause = { kind: 'call', name: called.name, span };
    return settledDrafts(called.scope, wanted).flatMap(({ site, origins }): readonly Instance[] => {
      const written = [...sites, ...found.sites].find((one) => isAt(one, site));
      const base = written ?? templateSite(site.span.source, scope.library);
      if (base && isSame(base, site, called.scope.prefix)) return [];
      return [
        {
          site: { ...site, address: `${called.name}.${site.address}` },
          base,
          cause,
          directives,
          origins: readOf(origins),
        },
      ];
    });
  });
}

/** The calls of a module, and those that they lead to, each with the place of the module's own. */
function allCalls(scope: Scope, top?: Span): readonly { readonly called: Called; readonly span: Span }[] {
  return [...callsOf(scope).values()].flatMap((called) => {
    const span = top ?? called.span;
    return [{ called, span }, ...allCalls(called.scope, span)];
  });
}

function readOf(origins: readonly Origin[]): readonly Span[] {
  return origins.filter((origin) => !isOpen(origin));
}

/** Whether what was read is a variable, of which a call may say more. */
function isOpen({ variable }: Origin): boolean {
  return variable !== undefined;
}

/** Documents in files that arguments of the module read in. */
function readInstances(scope: Scope, { foreign }: FoundSites): readonly Instance[] {
  return foreign.flatMap(({ site, from, origins }): readonly Instance[] => {
    const base = templateSite(site.span.source, scope.library);
    if (base && isSame(base, site, '')) return [];
    const cause: Cause = { kind: 'read', name: site.address, span: from ?? site.span };
    return [{ site, base, cause, directives: NO_DIRECTIVES, origins: readOf(origins) }];
  });
}

const NO_DIRECTIVES: readonly IgnoreDirective[] = [];

/** What the policies are by the defaults of the variables that they read. */
function defaultInstances(scope: Scope, { drafts }: FoundSites): readonly Instance[] {
  const resting = drafts.filter(({ origins }) => origins.some(({ hint }) => hint));
  if (resting.length === 0) return [];
  const addresses = new Set(resting.map(({ site }) => site.address));
  const settled = settledDrafts(byDefault(scope), (_named, _file, address) => addresses.has(address));
  return settled.flatMap(({ site, origins }): readonly Instance[] => {
    const base = resting.find((one) => isAt(one.site, site));
    if (!base || isSame(base.site, site, '')) return [];
    const cause: Cause = { kind: 'default', variables: hintsOf(base) };
    return [{ site, base: base.site, cause, directives: NO_DIRECTIVES, origins: readOf(origins) }];
  });
}

function hintsOf({ origins }: Draft): readonly string[] {
  return [
    ...new Set(origins.flatMap(({ variable, hint }) => (hint && variable !== undefined ? [variable] : []))),
  ].sort();
}

/** The module as it is where nobody says otherwise. */
function byDefault(scope: Scope): Scope {
  const settings = new Map<string, Definition>(scope.settings);
  for (const [name, { variable, file }] of scope.variables) {
    const hint = settings.has(name) ? undefined : hintOf(variable);
    if (hint) settings.set(name, { file, attribute: hint });
  }
  const family = new Map<string, Scope>();
  const settled: Scope = {
    ...scope,
    settings,
    family,
    known: new Map(),
    read: new Map(),
    memory: scope.memory.byDefault,
  };
  family.set('', settled);
  return settled;
}

function isAt({ span: a }: Site, { span: b }: Site): boolean {
  return a.start === b.start && a.end === b.end && a.source === b.source;
}

/** Whether two sites say the same; the prefix makes no difference of names. */
function isSame(a: Site, b: Site, prefix: string): boolean {
  if (a.kind !== b.kind) return false;
  const [one, two] = [canonicalValue(a.value), canonicalValue(b.value)];
  return one === (prefix === '' ? two : two.replaceAll(prefix, ''));
}
