/** Whether spans tell the truth: what a Value, a Text or a finding says of its places, against the sources. */
import type { ModuleAnalysis } from '../../server/src/analysis.ts';
import type { Part, Span, Text } from '../../server/src/text/text.ts';
import { contains, HOLE, spanOf } from '../../server/src/text/text.ts';
import { type Entry, type Value, walkValue } from '../../server/src/value/value.ts';

/** What was looked at, and what is wrong with it. */
export interface SpanReport {
  parts: number;
  values: number;
  readonly lies: string[];
}

/** An empty report, to be filled. */
export function newReport(): SpanReport {
  return { parts: 0, values: 0, lies: [] };
}

/** Looks at every site and finding of a module. */
export function inspect({ module, judgement }: ModuleAnalysis, report: SpanReport): void {
  const { beside = [], instances = [] } = module;
  const texts = new Map([...module.sources, ...beside].map((source) => [source.path, source.text]));
  const origins = module.readings.map((reading) => reading.origin);
  const among = (own: readonly Span[]) => (child: Span) => own.some((origin) => contains(origin, child));
  for (const site of module.sites) inspectValue(site.value, { texts, isRead: among(origins) }, report);
  for (const { site, origins: own } of instances) {
    // A variable's default may stand anywhere but in the policy.
    const isRead = (child: Span) => among([...origins, ...own])(child) || !contains(site.span, child);
    inspectValue(site.value, { texts, isRead }, report);
  }
  const spans = [
    ...judgement.findings.flatMap((finding) => [finding.span, ...finding.related.map((other) => other.span)]),
    ...module.problems.map((problem) => problem.span),
    ...module.things.map((thing) => thing.span),
    ...module.directives.flatMap((directive) => [directive.span, directive.covers]),
  ];
  for (const span of spans)
    if (!isInside(span, texts)) report.lies.push(`a finding at ${shown(span)} is outside of its source`);
}

/** Where spans may lead: the texts by path, and whether a Value may have been read from a place that is not its parent's. */
interface Ground {
  readonly texts: ReadonlyMap<string, string>;
  readonly isRead: (child: Span) => boolean;
}

function inspectValue(root: Value, { texts, isRead }: Ground, report: SpanReport): void {
  walkValue(root, (value) => {
    report.values += 1;
    if (!isInside(value.span, texts))
      report.lies.push(`a ${value.kind} at ${shown(value.span)} is outside of its source`);
    for (const [child, what] of childrenOf(value)) {
      if (child.source !== value.span.source || isRead(child)) continue;
      if (!contains(value.span, child)) {
        report.lies.push(`${what} at ${shown(child)} is outside of the ${value.kind} at ${shown(value.span)}`);
      }
    }
    if (value.kind === 'text') inspectText(value.text, value.span, texts, report);
    if (value.kind === 'object') for (const entry of value.entries) inspectEntry(entry, { texts, isRead }, report);
    return true;
  });
}

function childrenOf(value: Value): readonly (readonly [Span, string])[] {
  switch (value.kind) {
    case 'list':
      return value.items.map((item) => [item.value.span, 'an item']);
    case 'object':
      return value.entries.map((entry) => [entry.span, 'an entry']);
    case 'choice':
      return value.options.map((option) => [option.span, 'an option']);
    default:
      return [];
  }
}

function inspectEntry(entry: Entry, { texts, isRead }: Ground, report: SpanReport): void {
  const elsewhere = isRead(entry.value.span);
  const places = [
    [entry.keySpan, 'a key'],
    [elsewhere ? entry.span : entry.value.span, 'a value'],
  ] as const;
  for (const [span, what] of places) {
    if (span.source === entry.span.source && !contains(entry.span, span)) {
      report.lies.push(`${what} at ${shown(span)} is outside of its entry at ${shown(entry.span)}`);
    }
  }
  inspectText(entry.key, entry.keySpan, texts, report);
}

/** Parts cover the text in order; `same` and `spelled` ones are what the source says. */
function inspectText(text: Text, around: Span, texts: ReadonlyMap<string, string>, report: SpanReport): void {
  let at = 0;
  for (const part of text.parts) {
    report.parts += 1;
    if (part.at !== at || part.length < 1)
      report.lies.push(`a part of \`${text.flat}\` begins at ${part.at}, not ${at}`);
    at = part.at + part.length;
    const said = text.flat.slice(part.at, at);
    if (!isInside(part.span, texts)) report.lies.push(`\`${said}\` at ${shown(part.span)} is outside of its source`);
    else if (!isTrue(part, said, texts.get(part.span.source) ?? '')) {
      report.lies.push(`\`${said}\` is ${part.kind}, but the source at ${shown(part.span)} says otherwise`);
    }
  }
  if (at !== text.flat.length) report.lies.push(`the parts of \`${text.flat}\` end at ${at}`);
  const whole = spanOf(text);
  const written = text.parts.every((part) => part.kind === 'same' || part.kind === 'spelled');
  if (whole && written && whole.source === around.source && (whole.start < around.start || whole.end > around.end)) {
    report.lies.push(`the text \`${text.flat}\` at ${shown(whole)} is outside of its value at ${shown(around)}`);
  }
}

function isTrue(part: Part, said: string, source: string): boolean {
  const stands = source.slice(part.span.start, part.span.end);
  switch (part.kind) {
    case 'same':
      return stands === said;
    case 'spelled':
      return stands !== said && meanings(stands).has(said);
    case 'hole':
      return said === HOLE && part.symbol !== undefined;
    case 'derived':
      return true;
  }
}

/** What a spelling can mean in up to three layers of JSON strings, HCL strings, templates, heredocs and scalars of YAML. */
function meanings(stands: string): ReadonlySet<string> {
  const found = new Set([stands]);
  for (let layer = 0; layer < 3; layer++)
    for (const text of [...found]) for (const next of decoded(text)) found.add(next);
  return found;
}

function* decoded(text: string): Generator<string> {
  try {
    yield JSON.parse(`"${text}"`);
  } catch {
    // No JSON escape.
  }
  yield text.replace(/^(\$|%)\1\{/, '$1{').replace(/^&\{/, '${');
  yield text.replace(/\\U([0-9a-fA-F]{8})/g, (whole, digits) =>
    Number.parseInt(digits, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(digits, 16)) : whole,
  );
  yield text.replace(/\r\n?/g, '\n');
  yield text.replaceAll("''", "'");
  yield text.replace(/^\$\{!/, '${');
  yield text.replace(/^\\(?:x([0-9a-fA-F]{2})|(.))$/s, (whole, digits, letter) =>
    digits ? String.fromCharCode(Number.parseInt(digits, 16)) : (YAML_ESCAPES[letter] ?? whole),
  );
  if (/^\s*\n\s*$/.test(text)) {
    const breaks = text.split('\n').length - 1;
    yield* [' ', '\n'.repeat(breaks), '\n'.repeat(Math.max(1, breaks - 1))];
  }
}

/** Escapes of YAML's double quotes that JSON does not have. */
const YAML_ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  e: '\x1b',
  v: '\v',
  ' ': ' ',
  '\t': '\t',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

function isInside({ source, start, end }: Span, texts: ReadonlyMap<string, string>): boolean {
  const text = texts.get(source);
  return text !== undefined && 0 <= start && start <= end && end <= text.length;
}

function shown({ source, start, end }: Span): string {
  return `${source}:${start}-${end}`;
}
