/**
 * Reads YAML into Values that know their places. CloudFormation's short tags become what they stand for (`!Sub x` is an
 * object with the key `Fn::Sub`), aliases the values that they name, which keep the places of those. Evaluates nothing.
 * Total: depth and size end in unknown, so that aliases of aliases cost no more than a large file.
 */
import type { CST } from 'yaml';
import { EMPTY, holeText, type Span, spanOf, type Text } from '../../../text/text.ts';
import { DEEPEST, type JsonProblem } from '../../../value/json.ts';
import type { Entry, Item, ObjectValue, Spelling, UnknownValue, Value } from '../../../value/value.ts';
import type { Letters } from './pieces.ts';
import { scalarOf } from './plain.ts';
import { type Props, propsOf } from './props.ts';
import { BLOCK_YAML, FLOW_YAML } from './spelling.ts';
import { type Placed, tagged } from './tags.ts';
import { headerOf, LAYERS, tokenText } from './token-text.ts';
import { type Fault, tokensOf } from './tokens.ts';

/** An entry or item; `at` is where it begins, its dash included. */
export interface Member {
  readonly at: number;
  readonly span: Span;
}

/** What was read. Documents that hold nothing are left out. */
export interface YamlReading {
  readonly documents: readonly Value[];
  readonly members: readonly Member[];
  readonly comments: readonly Span[];
  readonly problems: readonly JsonProblem[];
}

/** Values of one text, aliases counted as what they stand for. */
const MOST_NODES = 200_000;

/** Reads a text. */
export function readYaml(path: string, content: string): YamlReading {
  const { documents, faults } = tokensOf(content);
  const reader = new Reader({ path, content }, faults);
  const values = documents.flatMap((document) => reader.document(document) ?? []);
  return { documents: values, members: reader.members, comments: reader.comments, problems: reader.problems };
}

/** Blanks between a collection and what was passed over right behind it. */
const NEAR = 200;

type Surroundings = 'block' | 'flow';

class Reader {
  readonly members: Member[] = [];
  readonly comments: Span[] = [];
  readonly problems: JsonProblem[] = [];
  private anchors = new Map<string, { readonly value: Value; readonly size: number }>();
  private nodes = 0;

  constructor(
    private readonly letters: Letters,
    private readonly faults: readonly Fault[],
  ) {
    for (const fault of faults) {
      if (fault.kind === 'dented') continue;
      const message =
        fault.kind === 'quote' ? 'the string is not closed' : 'the line does not fit into what is around it';
      this.problems.push({ span: this.span(fault.start, fault.end), message, fatal: true });
    }
  }

  document(token: CST.Document): Value | undefined {
    this.anchors = new Map();
    this.note(token.start);
    this.note(token.end);
    if (!token.value) return undefined;
    return this.value(token.value, propsOf(token.start, token.offset), 'block', 0).value;
  }

  private span(start: number, end: number): Span {
    return { source: this.letters.path, start, end };
  }

  /** Keeps comments. */
  private note(tokens: readonly CST.Token[] | undefined): void {
    for (const token of tokens ?? [])
      if (token.type === 'comment') this.comments.push(this.span(token.offset, token.offset + token.source.length));
  }

  /** The value of a token, tagged and named as `props` say. */
  private value(token: CST.Token | null | undefined, props: Props, around: Surroundings, depth: number): Placed {
    const before = this.nodes;
    const bare = this.bare(token, props, around, depth);
    const { tag, anchor } = props;
    const start = Math.min(bare.start, tag?.offset ?? bare.start);
    const value = tag ? tagged(tag, bare, around === 'flow' ? FLOW_YAML : BLOCK_YAML) : bare.value;
    if (anchor) this.anchors.set(anchor.source.slice(1), { value, size: this.nodes - before });
    return { value, start, end: bare.end };
  }

  private bare(token: CST.Token | null | undefined, props: Props, around: Surroundings, depth: number): Placed {
    this.nodes += 1;
    if (!token) return this.missing(props);
    if (this.nodes > MOST_NODES || depth > DEEPEST) return this.beyond(token, around);
    switch (token.type) {
      case 'alias':
        return this.alias(token, around);
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
        this.note(token.end);
        return this.flowScalar(token, props.tag, around);
      case 'block-scalar':
        return this.blockScalar(token);
      case 'block-map':
        return this.blockMap(token, depth);
      case 'block-seq':
        return this.blockList(token, depth);
      case 'flow-collection':
        return this.flow(token, depth);
      default:
        return this.missing(props);
    }
  }

  /** Nothing stands where a value is due: YAML's null, which templates may not hold, so that it is still to come. */
  private missing({ tag, behind }: Props): Placed {
    const at = tag ? tag.offset + tag.source.length : behind;
    return { value: this.unknown(at, at, `missing@${at}`, BLOCK_YAML), start: at, end: at };
  }

  private unknown(start: number, end: number, symbol: string, spelling: Spelling): UnknownValue {
    return { kind: 'unknown', span: this.span(start, end), spelling, symbol };
  }

  private beyond(token: CST.Token, around: Surroundings): Placed {
    const { offset } = token;
    const value = this.unknown(offset, offset, `deep@${offset}`, around === 'flow' ? FLOW_YAML : BLOCK_YAML);
    return { value, start: offset, end: offset };
  }

  private alias(token: CST.FlowScalar, around: Surroundings): Placed {
    this.note(token.end);
    const start = token.offset;
    const end = start + token.source.length;
    const named = this.anchors.get(token.source.slice(1));
    this.nodes += named?.size ?? 0;
    const value =
      named && this.nodes <= MOST_NODES
        ? named.value
        : this.unknown(start, end, token.source, around === 'flow' ? FLOW_YAML : BLOCK_YAML);
    return { value, start, end };
  }

  private flowScalar(token: CST.FlowScalar, tag: CST.SourceToken | undefined, around: Surroundings): Placed {
    const start = token.offset;
    const end = start + token.source.length;
    const span = this.span(start, end);
    const layer = LAYERS[token.type] ?? 'yaml-plain';
    const spelling: Spelling = { notation: 'yaml', layers: around === 'flow' ? [layer, 'yaml-flow'] : [layer] };
    const scalar = token.type === 'scalar' && tag?.source !== '!!str' ? scalarOf(token.source) : undefined;
    if (scalar) return { value: { kind: 'scalar', span, spelling, ...scalar }, start, end };
    return { value: { kind: 'text', span, spelling, text: tokenText(token, this.letters, this.faults) }, start, end };
  }

  private blockScalar(token: CST.BlockScalar): Placed {
    const text = tokenText(token, this.letters, this.faults);
    this.note(token.props);
    const header = headerOf(token);
    const start = token.offset;
    const end = Math.max(spanOf(text)?.end ?? 0, header.offset + header.source.length);
    const spelling: Spelling = { notation: 'yaml', layers: ['yaml-block'] };
    return { value: { kind: 'text', span: this.span(start, end), spelling, text }, start, end };
  }

  private blockMap(token: CST.BlockMap, depth: number): Placed {
    const entries: Entry[] = [];
    const spans = token.items.flatMap((item) => this.entry(item, entries, 'block', depth) ?? []);
    const start = Math.min(token.offset, spans[0]?.start ?? token.offset);
    const end = spans.reduce((far, span) => Math.max(far, span.end), start);
    return { value: this.object(start, end, entries, BLOCK_YAML), start, end };
  }

  private blockList(token: CST.BlockSequence, depth: number): Placed {
    const items: Item[] = [];
    let end = token.offset;
    for (const item of token.items) {
      this.note(item.start);
      const dash = item.start.find(({ type }) => type === 'seq-item-ind');
      if (!dash) continue;
      const placed = this.value(item.value, propsOf(item.start, dash.offset + 1), 'block', depth + 1);
      items.push({ value: placed.value, presence: 'always' });
      end = Math.max(end, placed.end, dash.offset + 1);
      this.members.push({ at: dash.offset, span: this.span(placed.start, placed.end) });
    }
    const open = this.isFaulty(token.offset, end);
    const span = this.span(token.offset, end);
    return { value: { kind: 'list', span, spelling: BLOCK_YAML, items, open }, start: token.offset, end };
  }

  private flow(token: CST.FlowCollection, depth: number): Placed {
    const isMap = token.start.source === '{';
    const start = token.offset;
    const closing = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
    this.note(token.end);
    const entries: Entry[] = [];
    const items: Item[] = [];
    let end = start + 1;
    for (const item of token.items) {
      if (isMap || item.sep?.some(({ type }) => type === 'map-value-ind')) {
        const own: Entry[] = isMap ? entries : [];
        const last = this.entry(item, own, 'flow', depth + 1);
        end = Math.max(end, last?.end ?? end);
        if (!isMap && last)
          items.push({ value: this.object(last.start, last.end, own, FLOW_YAML), presence: 'always' });
      } else {
        this.note(item.start);
        if (!item.value && !item.key) continue;
        const placed = this.value(item.value ?? item.key, propsOf(item.start, end), 'flow', depth + 1);
        items.push({ value: placed.value, presence: 'always' });
        end = Math.max(end, placed.end);
      }
    }
    end = closing ? closing.offset + closing.source.length : end;
    if (!closing) this.problem(start, start + 1, `the ${isMap ? 'object' : 'list'} is not closed`);
    if (isMap) return { value: this.object(start, end, entries, FLOW_YAML), start, end };
    const open = !closing || this.isFaulty(start, end);
    return { value: { kind: 'list', span: this.span(start, end), spelling: FLOW_YAML, items, open }, start, end };
  }

  private problem(start: number, end: number, message: string): void {
    this.problems.push({ span: this.span(start, end), message, fatal: true });
  }

  /** Reads an entry into `entries`, and gives its place; what it merges stands elsewhere. */
  private entry(item: CST.CollectionItem, entries: Entry[], around: Surroundings, depth: number): Span | undefined {
    this.note(item.start);
    this.note(item.sep);
    const { key: token } = item;
    if (!token && !item.sep?.some(({ type }) => type === 'map-value-ind')) return undefined;
    const at = token?.offset ?? item.sep?.[0]?.offset ?? 0;
    const key = token ? this.key(token) : { text: EMPTY, span: this.span(at, at) };
    const props = propsOf(item.sep, key.span.end);
    const placed = this.value(item.value, props, around, depth + 1);
    const span = this.span(key.span.start, Math.max(key.span.end, placed.end));
    if (token?.type === 'scalar' && token.source === '<<') {
      this.merge(placed.value, entries);
      return span;
    }
    this.duplicate(key.text, key.span, entries);
    entries.push({ key: key.text, keySpan: key.span, value: placed.value, presence: 'always', span });
    this.members.push({ at: span.start, span });
    return span;
  }

  private key(token: CST.Token): { readonly text: Text; readonly span: Span } {
    const isScalar =
      token.type === 'scalar' || token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar';
    const { offset } = token;
    const end = 'source' in token ? offset + token.source.length : offset;
    if ('end' in token) this.note(token.end);
    const span = this.span(offset, end);
    return { text: isScalar ? tokenText(token, this.letters, this.faults) : holeText(`key@${offset}`, span), span };
  }

  private duplicate(key: Text, span: Span, entries: readonly Entry[]): void {
    if (entries.length < 500 && key.flat !== '' && entries.some((other) => other.key.flat === key.flat))
      this.problems.push({ span, message: `the key \`${key.flat}\` stands twice in one object`, fatal: false });
  }

  /** Entries of what `<<` names, where the object has none of that key itself: those that come later count more, as of any key. */
  private merge(value: Value, entries: Entry[]): void {
    const merged = value.kind === 'list' ? value.items.map((item) => item.value) : [value];
    for (const one of merged.reverse()) {
      this.nodes += one.kind === 'object' ? one.entries.length : 1;
      if (one.kind === 'object' && this.nodes <= MOST_NODES) entries.unshift(...one.entries);
    }
  }

  private object(start: number, end: number, entries: readonly Entry[], spelling: Spelling): ObjectValue {
    const unseen = entries.some(({ key }) => key.flat === '');
    const open = unseen || this.isFaulty(start, end) || !this.isClosed(start, end, spelling);
    return { kind: 'object', span: this.span(start, end), spelling, entries, open };
  }

  private isClosed(start: number, end: number, spelling: Spelling): boolean {
    const { content } = this.letters;
    return spelling !== FLOW_YAML || content[start] !== '{' || content[end - 1] === '}';
  }

  /** Whether something that was passed over stands in it, or right behind it. */
  private isFaulty(start: number, end: number): boolean {
    return this.faults.some(
      (fault) =>
        fault.kind !== 'dented' &&
        start <= fault.start &&
        (fault.start < end || (fault.start - end < NEAR && /^\s*$/.test(this.letters.content.slice(end, fault.start)))),
    );
  }
}
