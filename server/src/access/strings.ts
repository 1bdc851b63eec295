/**
 * Strings: all strings sorted into classes by the pattern sets that match them, each class with its shortest string. The
 * patterns are merged into one tree and walked like an automaton made deterministic on the way; work is bounded. Knows
 * nothing of what the strings mean.
 */
import { type Bits, emptyBits, fullBits, holdsAll, setBit } from './bits.ts';
import { CASELESS, isStar, otherCase, PART_STAR, STAR, SYMBOL, takes } from './glob.ts';

/** The tokens of a pattern, as `outline` gives them. */
export type Tokens = readonly number[];

/** The classes: a string of each, and for each set of patterns the classes that it matches. */
export interface StringClasses {
  readonly samples: readonly string[];
  readonly members: readonly Bits[];
}

/** Steps of one walk: some tens of milliseconds. */
const MOST_STEPS = 600_000;

/** States that are kept in one walk: some tens of megabytes. */
const MOST_STATES = 20_000;

/**
 * Sorts the strings that match one of `all`; every set of `sets` becomes a column of `members`. Every string of `all`
 * belongs to exactly one class. Undefined where that would take too long.
 */
export function classify(sets: readonly (readonly Tokens[])[], all: readonly Tokens[]): StringClasses | undefined {
  const tree = growTree([...sets, all]);
  const found = new Map<string, Found>();
  const done = walk(tree, sets.length, (accepted, word) => {
    const name = accepted.join(',');
    const known = found.get(name);
    if (!known) found.set(name, { accepted, word });
    else if (known.word === '' && word !== '') found.set(name, { accepted, word });
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

/** A node is a place in one or more patterns, behind its token. Invariant: children have higher numbers. */
interface Node {
  readonly token: number;
  /** The children by character. */
  readonly letters: Map<number, number>;
  /** The children by any other token. */
  readonly others: Map<number, number>;
  /** Sets with a pattern that ends here. */
  readonly ends: number[];
  /** Sets with a pattern that goes through here. */
  readonly serves: Set<number>;
}

type Tree = readonly Node[];

function growTree(sets: readonly (readonly Tokens[])[]): Tree {
  const nodes: Node[] = [newNode(0)];
  sets.forEach((patterns, set) => {
    for (const pattern of patterns) {
      let at = nodes[0];
      at?.serves.add(set);
      for (const token of pattern) {
        if (isStar(token) && at?.token === token) continue;
        const children = isLetter(token) ? at?.letters : at?.others;
        let index = children?.get(token);
        if (index === undefined) {
          index = nodes.push(newNode(token)) - 1;
          children?.set(token, index);
        }
        at = nodes[index];
        at?.serves.add(set);
      }
      if (at && at.ends.at(-1) !== set) at.ends.push(set);
    }
  });
  return nodes;
}

function newNode(token: number): Node {
  return { token, letters: new Map(), others: new Map(), ends: [], serves: new Set() };
}

/** Whether a token stands for exactly one character. */
function isLetter(token: number): boolean {
  return token >= SYMBOL || (token >= 0 && token < CASELESS);
}

/** `live` in ascending order; `settled` are the sets that match whatever follows. */
interface State {
  readonly live: readonly number[];
  readonly settled: readonly number[];
  readonly parent: number;
  readonly code: number;
}

/** Visits every state, shortest words first; false where that took too long. The set numbered `all` says which strings there are. */
function walk(tree: Tree, all: number, visit: (accepted: readonly number[], word: string) => void): boolean {
  const start = enter(tree, [0], []);
  const states: State[] = [{ ...start, parent: -1, code: 0 }];
  const known = new Set<string>();
  let steps = 0;
  for (let i = 0; i < states.length; i++) {
    const state = states[i];
    if (!state) break;
    const accepted = acceptedBy(tree, state);
    if (accepted.includes(all))
      visit(
        accepted.filter((set) => set !== all),
        wordOf(states, i),
      );
    for (const code of codesOf(tree, state)) {
      const places: number[] = [];
      for (const index of state.live) follow(tree, index, code, places);
      steps += state.live.length + 1;
      const next = enter(tree, places, state.settled);
      if (!canBe(tree, next, all)) continue;
      const name = nameOf(next);
      if (known.has(name)) continue;
      known.add(name);
      states.push({ ...next, parent: i, code });
    }
    if (steps > MOST_STEPS || states.length > MOST_STATES) return false;
  }
  return true;
}

function nameOf({ live, settled }: { live: readonly number[]; settled: readonly number[] }): string {
  return `${live.join(',')}|${settled.join(',')}`;
}

function wordOf(states: readonly State[], index: number): string {
  const codes: number[] = [];
  for (let state = states[index]; state && state.parent >= 0; state = states[state.parent]) codes.push(state.code);
  return String.fromCharCode(...codes.reverse());
}

function acceptedBy(tree: Tree, { live, settled }: State): readonly number[] {
  const accepted = new Set(settled);
  for (const index of live) for (const set of tree[index]?.ends ?? []) accepted.add(set);
  return [...accepted].sort((a, b) => a - b);
}

/** Whether a string of `all` can still come of it. */
function canBe(tree: Tree, { live, settled }: { live: readonly number[]; settled: readonly number[] }, all: number) {
  return settled.includes(all) || live.some((index) => tree[index]?.serves.has(all));
}

function follow(tree: Tree, index: number, code: number, places: number[]): void {
  const node = tree[index];
  if (!node) return;
  if (isStar(node.token) && takes(node.token, code)) places.push(index);
  const exact = node.letters.get(code);
  if (exact !== undefined) places.push(exact);
  for (const [token, next] of node.others) if (!isStar(token) && takes(token, code)) places.push(next);
}

/** The places with the stars behind them, which may stand for nothing; sets that end in a star for good are settled, and what serves only those is dropped. */
function enter(tree: Tree, places: readonly number[], before: readonly number[]) {
  const live = new Set(places);
  const settled = new Set(before);
  for (const index of live) {
    for (const token of [STAR, PART_STAR]) {
      const next = tree[index]?.others.get(token);
      if (next !== undefined) live.add(next);
    }
    const node = tree[index];
    if (node?.token === STAR) for (const set of node.ends) settled.add(set);
  }
  const useful = settled.size === 0 ? [...live] : [...live].filter((index) => serves(tree[index], settled));
  return { live: useful.sort((a, b) => a - b), settled: [...settled].sort((a, b) => a - b) };
}

function serves(node: Node | undefined, settled: ReadonlySet<number>): boolean {
  if (!node) return false;
  for (const set of node.serves) if (!settled.has(set)) return true;
  return false;
}

/** The characters that lead to different places: those that some place names, the colon, and one that none names. */
function codesOf(tree: Tree, { live }: State): readonly number[] {
  const codes = new Set<number>();
  let others = false;
  for (const index of live) {
    const node = tree[index];
    if (!node) continue;
    if (node.token < 0) others = true;
    for (const token of node.letters.keys()) codes.add(token);
    for (const token of node.others.keys()) {
      if (token < 0) others = true;
      else for (const code of [token - CASELESS, otherCase(token - CASELESS)]) codes.add(code);
    }
  }
  if (!others) return [...codes];
  codes.add(COLON);
  return [...codes, freeCode(codes)];
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
