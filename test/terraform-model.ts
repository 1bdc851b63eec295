/** What the tests of the Terraform host share: modules from texts, modules as short text, and the law that spans tell the truth. Holds no expectations. */
import { terraformHost } from '../server/src/hosts/terraform/terraform.ts';
import type { Module, Source } from '../server/src/policy/module.ts';
import { readPolicy } from '../server/src/policy/read.ts';
import { contains, type Span } from '../server/src/text/text.ts';
import { displayValue, type Value, walkValue } from '../server/src/value/value.ts';

/** A module of one file, or of several by name. */
export function moduleOf(text: string | Readonly<Record<string, string>>): Module {
  const files = typeof text === 'string' ? { 'main.tf': text } : text;
  const sources = Object.entries(files).map(([path, content]): Source => ({ path, text: content }));
  return terraformHost.read(sources, {});
}

/** Each site on two lines: its address, kind, holder and hint; its policy. Problems follow. */
export function drawModule(module: Module): string {
  const sites = module.sites.map((site) => {
    const marks = [site.kind ?? `by shape ${readPolicy(site)?.kind}`, site.holder, site.hint && `hint ${site.hint}`];
    return `${site.address}: ${marks.filter((mark) => mark !== undefined).join(', ')}\n  ${displayValue(site.value)}`;
  });
  return [...sites, ...module.problems.map((problem) => `! ${problem.id}: ${problem.message}`)].join('\n');
}

/** The source under a span. */
export function sliceOf(module: Module, span: Span): string {
  const source = module.sources.find((candidate) => candidate.path === span.source);
  return source ? source.text.slice(span.start, span.end) : '';
}

/** Everything in the module's policies whose place is not what it says, and how many parts were looked at. */
export function untrueSpans(module: Module): { readonly parts: number; readonly lies: readonly string[] } {
  const lies: string[] = [];
  let parts = 0;
  const lengths = new Map(module.sources.map((source) => [source.path, source.text.length]));
  const known = (span: Span): boolean => {
    const length = lengths.get(span.source);
    return length !== undefined && span.start >= 0 && span.start <= span.end && span.end <= length;
  };
  for (const site of module.sites) {
    walkValue(site.value, (value) => {
      if (!known(value.span)) lies.push(`${site.address}: a value at ${JSON.stringify(value.span)}`);
      for (const child of childrenOf(value)) {
        const inside =
          contains(value.span, child.span) || module.readings.some(({ origin }) => contains(origin, child.span));
        if (!inside) lies.push(`${site.address}: ${displayValue(child)} lies outside of what holds it`);
      }
      for (const text of textsOf(value)) {
        for (const part of text.parts) {
          parts++;
          const letters = text.flat.slice(part.at, part.at + part.length);
          const slice = sliceOf(module, part.span);
          if (!known(part.span)) lies.push(`${site.address}: a part at ${JSON.stringify(part.span)}`);
          else if (part.kind === 'same' && slice !== letters)
            lies.push(`${site.address}: \`${letters}\` is said to stand at \`${slice}\``);
          else if (part.kind === 'spelled' && slice === '')
            lies.push(`${site.address}: \`${letters}\` is spelled by nothing`);
        }
      }
      return true;
    });
  }
  return { parts, lies };
}

function childrenOf(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items.map((item) => item.value);
  if (value.kind === 'object') return value.entries.map((entry) => entry.value);
  return value.kind === 'choice' ? value.options : [];
}

function textsOf(value: Value) {
  if (value.kind === 'text') return [value.text];
  return value.kind === 'object' ? value.entries.map((entry) => entry.key) : [];
}
