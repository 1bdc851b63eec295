/** The JSON host: policy documents at the root of a file or nested in one, also inside of strings. Templates of CloudFormation it leaves to `cloudformation/`, plans of Terraform, told by their keys, to `plan/`. */
import type { Edit, TextEdit } from '../../finding/edit.ts';
import type { Problem } from '../../finding/finding.ts';
import { hintOfPath, isPolicyDocument } from '../../policy/kind.ts';
import type { Module, PolicyKind, Site, Source } from '../../policy/module.ts';
import { contains, sourceText } from '../../text/text.ts';
import { type JsonProblem, readJson } from '../../value/json.ts';
import { PLAIN_JSON, type Spelling, type Value } from '../../value/value.ts';
import { evaluate, evaluationOf } from '../cloudformation/evaluate.ts';
import { readJsonTemplate } from '../cloudformation/json.ts';
import { withPseudoParameters } from '../cloudformation/pseudo.ts';
import { referenceIn } from '../cloudformation/reference.ts';
import { emptyScope } from '../cloudformation/scope.ts';
import { printEdits } from '../edits.ts';
import type { Host, ReadOptions } from '../host.ts';
import { PLAN, readPlan } from '../plan/plan.ts';
import type { Printing } from '../spelling.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { isTerraformTemplate, looksLikeTemplate, templateText, unescapedIn } from '../template.ts';
import { unescapedVariable } from '../unescaped.ts';

/** Reads `.json`, and templates of it: `.json.tpl`, `.json.tftpl`, `.tpl`, `.tftpl`. A module is one file. */
export const jsonHost: Host = {
  id: 'json',
  reads: (path) => /\.(json|tpl|tftpl|jsonc)$/i.test(path),
  moduleOf: (path) => path,
  read: (sources, options) => {
    const [source] = sources;
    if (!source) return emptyModule(sources);
    return (options.kind ? undefined : (readPlan(source) ?? readJsonTemplate(source))) ?? readSource(source, options);
  },
  print: (module, edits) => (module.host === PLAN ? undefined : printJson(module, edits)),
};

function printJson(module: Module, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  const printing: Printing = {
    content: (path) => module.sources.find((source) => source.path === path)?.text,
    reference: (reference, spelling) => referenceIn(module.things, reference, spelling, 'json'),
  };
  const own = module.things.length > 0 ? printEdits(withPseudoParameters(edits), printing) : undefined;
  return own ?? printEdits(edits, printing);
}

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
    problems: [
      ...(options.kind ? found : within(found, sites)).map(syntaxProblem),
      ...(template && isTerraformTemplate(source.path, source.text) ? unescaped(source, sites) : []),
    ],
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

function unescaped({ path, text }: Source, sites: readonly Site[]): readonly Problem[] {
  return unescapedIn(path, text).flatMap((span) => {
    const site = sites.find((candidate) => contains(candidate.span, span));
    return site ? [unescapedVariable(text.slice(span.start, span.end), span, site.value, 'doubled')] : [];
  });
}

/** The document, the kind that its key dictates, and how to get there. */
function findSites(root: Value, functions: boolean, hint: Site['hint'], sites: Site[], problems: JsonProblem[]): void {
  const stack: { value: Value; address: string; key: string; depth: number }[] = [
    { value: root, address: '', key: '', depth: 0 },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { address, key, depth } = next;
    const value = depth < 2 ? documentIn(next.value, problems) : next.value;
    if (isPolicyDocument(value)) {
      sites.push(
        siteOf(
          functions ? evaluate(value, evaluationOf(emptyScope('plain names'))) : value,
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
