/**
 * The format of pages: Markdown whose fenced examples are tests. Reads a page into examples with what is expected of
 * them; runs nothing. The format itself is told in `pages.ts`.
 */
import { type Config, DEFAULT_CONFIG } from '../server/src/config/config.ts';
import { POLICY_KINDS, type PolicyKind } from '../server/src/policy/module.ts';
import { configOf } from './context.ts';

/** A fenced block. Offsets are into the page; `line` is that of the opening fence, from 1. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language. */
  readonly words: string;
  readonly text: string;
  readonly line: number;
  /** Where language and words stand, without the backticks. */
  readonly info: readonly [from: number, to: number];
  /** Where the text stands, without the lines of the fences. */
  readonly body: readonly [from: number, to: number];
}

/** Words that are taken out of an example together, each with what takes its place. */
export interface Saviour {
  readonly changes: readonly { readonly words: string; readonly instead: string }[];
  readonly line: number;
}

/** What the words after an example's fence say. */
export interface Settings {
  readonly path: string;
  readonly kind?: PolicyKind;
  readonly config: Config;
  readonly today?: string;
  readonly all: boolean;
  readonly brief: boolean;
}

/** One example: its sources, and what follows it. `section` is the `##` heading above, in small letters. */
export interface Example {
  readonly section: string;
  readonly fences: readonly [Fence, ...Fence[]];
  readonly findings: Fence | undefined;
  readonly fixed: readonly Fence[];
  readonly saviours: readonly Saviour[];
  readonly alwaysSilent: boolean;
}

/** A page; `complaints` are departures from the format. */
export interface Page {
  readonly title: string;
  /** The line after the title. */
  readonly summary: string;
  readonly levelLine: string;
  /** The prose between the level line and the first `##`. */
  readonly why: string;
  readonly headings: readonly string[];
  readonly examples: readonly Example[];
  readonly complaints: readonly { readonly line: number; readonly message: string }[];
}

const LANGUAGES: Readonly<Record<string, string>> = { json: 'policy.json', hcl: 'main.tf', yaml: 'template.yaml' };

/** Reads a page; total. */
export function readPage(markdown: string): Page {
  return new PageReader(markdown).read();
}

interface Draft {
  section: string;
  fences: [Fence, ...Fence[]];
  findings: Fence | undefined;
  fixed: Fence[];
  saviours: Saviour[];
  alwaysSilent: boolean;
}

class PageReader {
  private readonly complaints: { line: number; message: string }[] = [];
  private readonly examples: Draft[] = [];
  private readonly headings: string[] = [];
  private readonly prose: string[] = [];
  /** What the last line that was no blank belongs to: an example's end, its saviours, or nothing. */
  private previous: 'example' | 'after' | 'before' | 'other' = 'other';
  private pending: { saviours: Saviour[]; silent: boolean; line: number } | undefined;
  private section = '';
  private blank = false;

  constructor(private readonly markdown: string) {}

  read(): Page {
    const lines = this.markdown.split('\n');
    let offset = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? '';
      const opening = /^(`{3,})([^`]*)$/.exec(line);
      if (!opening) {
        this.text(line, i + 1);
        offset += line.length + 1;
        continue;
      }
      const ticks = opening[1] ?? '```';
      const end = lines.findIndex((other, j) => j > i && other.trimEnd() === ticks);
      if (end < 0) {
        this.complain(i + 1, 'the fence is not closed');
        break;
      }
      const body = offset + line.length + 1;
      const text = lines
        .slice(i + 1, end)
        .map((inner) => `${inner}\n`)
        .join('');
      const [, language = '', words = ''] = /^\s*(\S*)\s*(.*)$/.exec(opening[2] ?? '') ?? [];
      this.fence({
        language,
        words: words.trimEnd(),
        text,
        line: i + 1,
        info: [offset + ticks.length, offset + line.length],
        body: [body, body + text.length],
      });
      offset = body + text.length + (lines[end] ?? '').length + 1;
      i = end;
    }
    if (this.pending) this.complain(this.pending.line, 'no example stands beside this line');
    return this.page(lines);
  }

  private page(lines: readonly string[]): Page {
    const filled = this.prose.filter((line) => line.trim() !== '');
    const [title = '', summary = ''] = filled;
    const levelLine = filled.find((line) => line.startsWith('Level:')) ?? '';
    const first = lines.findIndex((line) => line.startsWith('## '));
    const level = lines.findIndex((line) => line.startsWith('Level:'));
    const why = lines
      .slice(level + 1, first < 0 ? undefined : first)
      .join('\n')
      .trim();
    const { headings, examples, complaints } = this;
    return { title: title.replace(/^# /, ''), summary, levelLine, why, headings, examples, complaints };
  }

  private complain(line: number, message: string): void {
    this.complaints.push({ line, message });
  }

  private text(line: string, number: number): void {
    if (line.trim() === '') {
      this.blank = true;
      return;
    }
    this.prose.push(line);
    if (/^(Saved by:|Always silent:)/.test(line)) this.saving(line, number);
    else {
      if (this.pending) this.complain(this.pending.line, 'no example stands beside this line');
      this.pending = undefined;
      this.previous = 'other';
      if (line.startsWith('## ')) {
        this.section = line.slice(3).trim().toLowerCase();
        this.headings.push(line.slice(3).trim());
      }
    }
    this.blank = false;
  }

  /** A saving line belongs to the example right above unless that one has its own already, else to the one below. */
  private saving(line: string, number: number): void {
    const last = this.examples.at(-1);
    const free = last && last.saviours.length === 0 && !last.alwaysSilent;
    const behind = (this.previous === 'example' && free) || (this.previous === 'after' && !this.blank);
    const silent = line.startsWith('Always silent:');
    if (silent && line.replace('Always silent:', '').trim() === '') this.complain(number, 'the reason is missing');
    const saviours = silent ? [] : this.saviours(line, number);
    if (behind && last) {
      last.saviours.push(...saviours);
      last.alwaysSilent ||= silent;
      this.previous = 'after';
    } else {
      this.pending ??= { saviours: [], silent: false, line: number };
      this.pending.saviours.push(...saviours);
      this.pending.silent ||= silent;
      this.previous = 'before';
    }
  }

  private saviours(line: string, number: number): Saviour[] {
    const said = line.slice('Saved by:'.length).trim().replace(/\.$/, '');
    const one = '`[^`]+`(?:\\s*→\\s*`[^`]*`)?';
    if (!new RegExp(`^${one}(?:\\s*(?:,|and)\\s*${one})*$`).test(said)) {
      this.complain(number, 'this line is not of the form: Saved by: `words` → `other words`, `words` and `words`');
      return [];
    }
    const groups: { words: string; instead: string }[][] = [];
    for (const match of said.matchAll(/(,|and)?\s*`([^`]+)`(?:\s*→\s*`([^`]*)`)?/g)) {
      const change = { words: match[2] ?? '', instead: match[3] ?? '' };
      if (match[1] === 'and') groups.at(-1)?.push(change);
      else groups.push([change]);
    }
    return groups.map((changes) => ({ changes, line: number }));
  }

  private fence(fence: Fence): void {
    const last = this.examples.at(-1);
    if (fence.language === 'findings' || fence.language === 'fixed') {
      if (this.previous !== 'example' || !last)
        this.complain(fence.line, `a ${fence.language} block follows no example`);
      else if (fence.language === 'fixed') last.fixed.push(fence);
      else if (last.findings) this.complain(fence.line, 'the example has a findings block already');
      else last.findings = fence;
    } else if (fence.language in LANGUAGES) {
      if (/(^|\s)with(\s|$)/.test(fence.words) && last) last.fences.push(fence);
      else {
        const { saviours = [], silent = false } = this.pending ?? {};
        const { section } = this;
        this.examples.push({
          section,
          fences: [fence],
          findings: undefined,
          fixed: [],
          saviours,
          alwaysSilent: silent,
        });
        this.pending = undefined;
      }
      this.previous = 'example';
    } else this.previous = 'other';
    this.blank = false;
  }
}

/** What the words behind a fence's language say; throws, with the word, where they say nothing known. */
export function settingsOf(language: string, words: string): Settings {
  const config = /(?:^|\s)config=(\{.*\})(?=\s|$)/.exec(words);
  const settings = {
    path: LANGUAGES[language] ?? 'policy.json',
    config: config?.[1] ? configOf(config[1]) : DEFAULT_CONFIG,
    all: false,
    brief: false,
  };
  let kind: PolicyKind | undefined;
  let today: string | undefined;
  for (const word of words
    .replace(config?.[0] ?? '', ' ')
    .split(/\s+/)
    .filter(Boolean)) {
    const [name, value = ''] = word.split('=', 2);
    if (word === 'all') settings.all = true;
    else if (word === 'brief') settings.brief = true;
    else if (name === 'file' && value) settings.path = value;
    else if (name === 'today' && value) today = value;
    else if (name === 'kind' && isKind(value)) kind = value;
    else if (word !== 'with') throw new Error(`\`${word}\` says nothing about an example`);
  }
  return { ...settings, ...(kind ? { kind } : {}), ...(today ? { today } : {}) };
}

function isKind(word: string): word is PolicyKind {
  return POLICY_KINDS.some((kind) => kind === word);
}
