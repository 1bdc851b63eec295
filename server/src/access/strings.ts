/**
 * Strings: all strings sorted into classes by the pattern sets that match them, each class with its shortest string. The
 * patterns are merged into one tree and walked like an automaton made deterministic on the way; work is bounded. Knows
 * nothing of what the strings mean.
 */
import { type Bits, emptyBits, fullBits, holdsAll, setBit } from './bits.ts';
import { CASELESS, isStar, otherCase, STAR, SYMBOL, takes } from './glob.ts';

/** The tokens of a pattern, as `outline` gives them. */
export type Tokens = readonly number[];

/** The classes: a string of each, and for each set of patterns the classes that it matches. */
export interface StringClasses {
  readonly samples: readonly string[];
  readonly members: readonly Bits[];
}

/** Steps of one walk: some tens of milliseconds. */
const MOST_STEPS = 400_000;

/** Tokens of all patterns together, several times what AWS takes in one policy. */
const MOST_TOKENS = 80_000;

/** States that are kept in one walk: some tens of megabytes. */
const MOST_STATES = 12_000;

/**
 * Sorts the strings that match one of `all`; every set of `sets` becomes a column of `members`. Every string of `all`
 * belongs to exactly one class. Undefined where that would take too long.
 */
export function classify(sets: readonly (readonly Tokens[])[], all: readonly Tokens[]): StringClasses | undefined {
  let tokens = 0;
  for (const patterns of sets) for (const pattern of patterns) tokens += pattern.length;
  if (tokens > MOST_TOKENS) return undefined;
  const tree = growTree([...sets, all]);
  const found = new Map<string, Found>();
  const done = walk(tree, sets.length, (accepted, word) => {
    const name = accepted.join();
    const known = found.get(name);
    if (known && (known.word !== '' || word() === '')) return;
    found.set(name, { accepted: accepted.slice(0, -1), word: word() });
  });
  if (!done) return undefined;
  const classes = [...found.values()];
  const members = sets.map(() => emptyBits(classes.length));
  classes.forEach(({ accepted }, index) => {
    for (const set of accepted) {
      const column = members[set];
      if (column) setBit(column, index);
    }
  });
  return { samples: classes.map(({ word }) => word), members };
}

/** Whether every string that `inner` matches is matched by `outer`, symbols counting as letters; undefined where that would take too long. */
export function includesTokens(outer: Tokens, inner: Tokens): boolean | undefined {
  const classes = classify([[outer]], [inner]);
  const [column] = classes?.members ?? [];
  return classes && column && holdsAll(column, fullBits(classes.samples.length));
}

interface Found {
  readonly accepted: readonly number[];
  readonly word: string;
}

/** A node is a place in one or more patterns, behind its token. */
interface Node {
  readonly token: number;
  /** The children by character: `targets[i]` behind `codes[i]`. */
  readonly codes: number[];
  readonly targets: number[];
  /** The children by any other token, stars apart. */
  readonly others: { readonly token: number; readonly target: number }[];
  readonly stars: number[];
  /** Sets with a pattern that ends here, ascending. */
  readonly ends: number[];
  /** Sets with a pattern that goes through here, ascending. */
  readonly serves: number[];
}

type Tree = readonly Node[];

function growTree(sets: readonly (readonly Tokens[])[]): Tree {
  const nodes: Node[] = [newNode(0)];
  const children = new Map<number, number>();
  sets.forEach((patterns, set) => {
    for (const pattern of patterns) {
      let at = 0;
      add(nodes[at]?.serves, set);
      for (const token of pattern) {
        if (isStar(token) && nodes[at]?.token === token) continue;
        at = child(nodes, children, at, token);
        add(nodes[at]?.serves, set);
      }
      add(nodes[at]?.ends, set);
    }
  });
  return nodes;
}

function newNode(token: number): Node {
  return { token, codes: [], targets: [], others: [], stars: [], ends: [], serves: [] };
}

function add(sets: number[] | undefined, set: number): void {
  if (sets && sets[sets.length - 1] !== set) sets.push(set);
}

/** The child behind a token, made where there is none. Invariant: nodes and tokens stay below the bounds that keep names apart. */
function child(nodes: Node[], children: Map<number, number>, at: number, token: number): number {
  const name = at * TOKEN_SPAN + token + 8;
  const known = children.get(name);
  if (known !== undefined) return known;
  const target = nodes.push(newNode(token)) - 1;
  children.set(name, target);
  const parent = nodes[at];
  if (isLetter(token)) {
    parent?.codes.push(token);
    parent?.targets.push(target);
  } else if (isStar(token)) parent?.stars.push(target);
  else parent?.others.push({ token, target });
  return target;
}

const TOKEN_SPAN = 2 * SYMBOL;

/** Whether a token stands for exactly one character. */
function isLetter(token: number): boolean {
  return token >= SYMBOL || (token >= 0 && token < CASELESS);
}

/** `live` in ascending order; `settled`, ascending, are the sets that match whatever follows. */
interface State {
  readonly live: readonly number[];
  readonly settled: readonly number[];
  /** The settled sets as text, for names of states. */
  readonly settledName: string;
  readonly parent: number;
  readonly code: number;
}

/** Visits every state, shortest words first; false where that took too long. The set numbered `all` says which strings there are. */
function walk(tree: Tree, all: number, visit: (accepted: readonly number[], word: () => string) => void): boolean {
  const marks = new Int32Array(tree.length).fill(-1);
  const states: State[] = [enter(tree, marks, [0], START, -1, 0)];
  const known = new Set<string>();
  let steps = 0;
  for (let i = 0; i < states.length; i++) {
    const state = states[i];
    if (!state) break;
    const accepted = acceptedBy(tree, state);
    if (accepted.includes(all)) visit(accepted, () => wordOf(states, i));
    for (const code of state.live.length === 0 && i > 0 ? NONE : codesOf(tree, state)) {
      const places: number[] = [];
      for (const index of state.live) follow(tree, index, code, places);
      steps += state.live.length + places.length + 1;
      if (steps > MOST_STEPS) return false;
      const next = enter(tree, marks, places, state, i, code);
      if (!canBe(tree, next, all)) continue;
      const name = next.live.join() + next.settledName;
      if (known.has(name)) continue;
      known.add(name);
      states.push(next);
    }
    if (states.length > MOST_STATES) return false;
  }
  return true;
}

const NONE: readonly number[] = [];
const START = { settled: NONE, settledName: '' };

function wordOf(states: readonly State[], index: number): string {
  const codes: number[] = [];
  for (let state = states[index]; state && state.parent >= 0; state = states[state.parent]) codes.push(state.code);
  return String.fromCharCode(...codes.reverse());
}

function acceptedBy(tree: Tree, { live, settled }: State): readonly number[] {
  let accepted: number[] | undefined;
  for (const index of live) {
    const { ends = NONE } = tree[index] ?? {};
    if (ends.length > 0) accepted = [...(accepted ?? settled), ...ends];
  }
  return accepted ? ascending(accepted) : settled;
}

function ascending(numbers: number[]): readonly number[] {
  if (numbers.length < 2) return numbers;
  numbers.sort((a, b) => a - b);
  return numbers.filter((number, i) => number !== numbers[i - 1]);
}

/** Whether a string of `all`, the last set, can still come of it. */
function canBe(tree: Tree, { live, settled }: State, all: number): boolean {
  if (settled[settled.length - 1] === all) return true;
  return live.some((index) => {
    const { serves = NONE } = tree[index] ?? {};
    return serves[serves.length - 1] === all;
  });
}

function follow(tree: Tree, index: number, code: number, places: number[]): void {
  const node = tree[index];
  if (!node) return;
  if (isStar(node.token) && takes(node.token, code)) places.push(index);
  const exact = node.codes.length === 0 ? -1 : node.codes.indexOf(code);
  if (exact >= 0) places.push(node.targets[exact] ?? 0);
  for (const { token, target } of node.others) if (takes(token, code)) places.push(target);
}

/** The places with the stars behind them, which may stand for nothing. Sets that end in a star for good are settled, and places that serve only those are dropped. */
function enter(
  tree: Tree,
  marks: Int32Array,
  places: number[],
  before: Pick<State, 'settled' | 'settledName'>,
  parent: number,
  code: number,
): State {
  const visit = marks[0] === undefined ? 0 : marks[0] + 1;
  marks[0] = visit;
  let live: number[] = [];
  let { settled } = before;
  for (let i = 0; i < places.length; i++) {
    const index = places[i] ?? 0;
    const node = tree[index];
    if (!node || (index > 0 && marks[index] === visit)) continue;
    if (index > 0) marks[index] = visit;
    live.push(index);
    for (const star of node.stars) places.push(star);
    if (node.token === STAR && node.ends.length > 0) settled = withAll(settled, node.ends);
  }
  if (settled.length > 0) live = live.filter((index) => servesOthers(tree[index]?.serves ?? NONE, settled));
  if (live.length > 1) live.sort((a, b) => a - b);
  const settledName = settled === before.settled ? before.settledName : `|${settled.join()}`;
  return { live, settled, settledName, parent, code };
}

/** Both, ascending; the first itself where it has all of the second. */
function withAll(sets: readonly number[], more: readonly number[]): readonly number[] {
  return more.every((set) => sets.includes(set)) ? sets : ascending([...sets, ...more]);
}

function servesOthers(serves: readonly number[], settled: readonly number[]): boolean {
  return serves.some((set) => !settled.includes(set));
}

/** The characters that lead to different places: those that some place names, and, where others lead somewhere, the colon and one that none names. */
function codesOf(tree: Tree, { live, settled }: State): readonly number[] {
  const [only] = live;
  const node = live.length === 1 && settled.length === 0 && only !== undefined ? tree[only] : undefined;
  if (node && node.token >= 0 && node.others.length === 0) return node.codes;
  const codes = new Set<number>();
  let others = settled.length > 0;
  for (const index of live) {
    const place = tree[index];
    if (!place) continue;
    if (place.token < 0) others = true;
    for (const code of place.codes) codes.add(code);
    for (const { token } of place.others) {
      if (token < 0) others = true;
      else for (const code of [token - CASELESS, otherCase(token - CASELESS)]) codes.add(code);
    }
  }
  if (!others) return [...codes];
  const free = freeCode(codes);
  return codes.has(COLON) ? [...codes, free] : [...codes, free, COLON];
}

const COLON = 58;
const PLEASANT = Array.from('xayzbcdefghijklmnopqrstuvw0123456789-_XABCDEFGHIJKLMNOPQRSTUVWYZ./', (x) =>
  x.charCodeAt(0),
);

function freeCode(taken: ReadonlySet<number>): number {
  const pleasant = PLEASANT.find((code) => !taken.has(code));
  if (pleasant !== undefined) return pleasant;
  let code = 0x4e00;
  while (taken.has(code)) code += 1;
  return code;
}
