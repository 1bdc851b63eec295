/** The JSON host: policy documents at the root of a file or nested in one, also inside of strings. Knows nothing about CloudFormation beyond leaving its functions open. Plans of Terraform, told by their keys, it leaves to `plan/`. */
import { hintOfPath, isPolicyDocument } from '../../policy/kind.ts';
import type { Module, PolicyKind, Site, Source } from '../../policy/module.ts';
import { canonicalText, contains, knownText, sourceText } from '../../text/text.ts';
import { type JsonProblem, readJson } from '../../value/json.ts';
import {
  canonicalValue,
  entryOf,
  joinNames,
  type ObjectValue,
  openName,
  PLAIN_JSON,
  type Spelling,
  unseenName,
  type Value,
} from '../../value/value.ts';
import { printEdits } from '../edits.ts';
import type { Host, ReadOptions } from '../host.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { looksLikeTemplate, templateText } from '../template.ts';

/** Reads `.json`, and templates of it: `.json.tpl`, `.json.tftpl`, `.tpl`, `.tftpl`. A module is one file. */
export const jsonHost: Host = {
  id: 'json',
  reads: (path) => /\.(json|tpl|tftpl|jsonc)$/i.test(path),
  moduleOf: (path) => path,
  read: (sources, options) => {
    const [source] = sources;
    return source ? readSource(source, options) : emptyModule(sources);
  },
  print: (module, edits) =>
    printEdits(edits, {
      content: (path) => module.sources.find((source) => source.path === path)?.text,
      reference: () => undefined,
    }),
};

function emptyModule(sources: readonly Source[]): Module {
  return { host: 'json', sources, sites: [], things: [], problems: [], directives: [], readings: [] };
}

function readSource(source: Source, options: ReadOptions): Module {
  if (!options.kind && !source.text.includes('Statement')) return emptyModule([source]);
  const template = /\.(tpl|tftpl)$/i.test(source.path) || looksLikeTemplate(source.text);
  const marked = template || (!options.kind && source.text.includes('${'));
  const text = marked
    ? templateText(source.path, source.text, template ? 'all' : 'plain names')
    : sourceText(source.path, source.text);
  const whole = { source: source.path, start: 0, end: source.text.length };
  const { value, problems } = readJson(text, whole, PLAIN_JSON);
  const sites: Site[] = [];
  const found: JsonProblem[] = [...problems];
  const hint = hintOfPath(source.path);
  if (value && options.kind) sites.push(siteOf(value, options.kind, '', hint));
  else if (value) findSites(value, /"(Ref|Fn::)/.test(source.text), hint, sites, found);
  return {
    host: 'json',
    sources: [source],
    sites,
    things: [],
    problems: (options.kind ? found : within(found, sites)).map(syntaxProblem),
    directives: [],
    readings: [],
  };
}

function siteOf(value: Value, kind: PolicyKind | undefined, address: string, hint: Site['hint']): Site {
  return { value, kind, address, span: value.span, versionImplied: false, ...(hint ? { hint } : {}) };
}

/** Syntax is our business inside of policies only. */
function within(problems: readonly JsonProblem[], sites: readonly Site[]): readonly JsonProblem[] {
  return problems.filter((problem) => sites.some((site) => contains(site.span, problem.span)));
}

/** The document, the kind that its key dictates, and how to get there. */
function findSites(root: Value, functions: boolean, hint: Site['hint'], sites: Site[], problems: JsonProblem[]): void {
  const plan =
    root.kind === 'object' && entryOf(root, 'resource_changes') ? entryOf(root, 'planned_values')?.value : undefined;
  const stack: { value: Value; address: string; key: string; depth: number }[] = [
    { value: plan ?? root, address: '', key: '', depth: 0 },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { address, key, depth } = next;
    const value = depth < 2 ? documentIn(next.value, problems) : next.value;
    if (isPolicyDocument(value)) {
      sites.push(
        siteOf(
          functions ? opens(value) : value,
          /^assumeRolePolicy(Document)?$/i.test(key) ? 'trust' : undefined,
          address,
          hint,
        ),
      );
    } else if (value.kind === 'object') {
      for (let i = value.entries.length - 1; i >= 0; i--) {
        const entry = value.entries[i];
        if (entry)
          stack.push({
            value: entry.value,
            address: address ? `${address}.${entry.key.flat}` : entry.key.flat,
            key: entry.key.flat,
            depth,
          });
      }
    } else if (value.kind === 'list') {
      for (let i = value.items.length - 1; i >= 0; i--) {
        const item = value.items[i];
        if (item) stack.push({ value: item.value, address: `${address}[${i}]`, key, depth });
      }
    }
  }
  sites.sort((a, b) => a.span.start - b.span.start);
}

/** What a string holds where it is JSON that mentions statements; else the value itself. */
function documentIn(value: Value, problems: JsonProblem[]): Value {
  if (value.kind !== 'text' || !value.text.flat.includes('"Statement"') || !/^\s*\{/.test(value.text.flat))
    return value;
  const spelling: Spelling = { notation: 'json', layers: [...value.spelling.layers, 'json-string'] };
  const inner = readJson(value.text, value.span, spelling);
  if (!inner.value || !isPolicyDocument(inner.value)) return value;
  problems.push(...inner.problems);
  return inner.value;
}

/** CloudFormation's functions in a JSON template are decided at deploy time: an object of one function is unknown. */
function opens(value: Value): Value {
  switch (value.kind) {
    case 'object': {
      const [only] = value.entries;
      const name = only ? knownText(only.key) : undefined;
      if (name !== undefined && value.entries.length === 1 && isFunction(name)) {
        return { kind: 'unknown', span: value.span, spelling: value.spelling, symbol: functionName(name, value) };
      }
      let changed = false;
      const entries = value.entries
        .filter((entry) => !entry.key.flat.startsWith('Fn::'))
        .map((entry) => {
          const inner = opens(entry.value);
          changed ||= inner !== entry.value;
          return inner === entry.value ? entry : { ...entry, value: inner };
        });
      const fewer = entries.length < value.entries.length;
      if (!changed && !fewer) return value;
      const gone = value.entries.filter((entry) => entry.key.flat.startsWith('Fn::'));
      const openSymbol = joinNames([
        openName(value),
        ...gone.flatMap((entry) => [canonicalText(entry.key), joinNames([canonicalValue(entry.value)])]),
      ]);
      return { ...value, entries, open: value.open || fewer, openSymbol };
    }
    case 'list': {
      let changed = false;
      const items = value.items.map((item) => {
        const inner = opens(item.value);
        changed ||= inner !== item.value;
        return inner === item.value ? item : { ...item, value: inner };
      });
      return changed ? { ...value, items } : value;
    }
    case 'text':
    case 'scalar':
    case 'choice':
    case 'unknown':
      return value;
  }
}

/** A function by what it is called with: the same call gives the same value all over a template. */
function functionName(name: string, value: ObjectValue): string {
  const given = joinNames(value.entries.map((entry) => canonicalValue(entry.value)));
  return given === undefined || unseenName(value) === undefined ? `${name}@${value.span.start}` : `${name} ${given}`;
}

function isFunction(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}
