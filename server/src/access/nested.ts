/**
 * Nested: the classes of strings where every pattern is written out or has its only star at the end. Of two such patterns
 * one takes in the other or they share nothing, so the classes can be read off; what strings.ts finds for any patterns by
 * walking, this finds at sight. Knows nothing of what the strings mean.
 */
import { emptyBits, setBit } from './bits.ts';
import { CASELESS, STAR } from './glob.ts';
import type { StringClasses, Tokens } from './strings.ts';

/** Which strings there are. */
export interface Domain {
  readonly has: (text: string) => boolean;
  /** A string that begins so and is not `taken`; undefined where there is none, `unsure` where that cannot be told. `taken` are finitely many strings and beginnings, all longer than `head`, or as long and alone. */
  readonly within: (head: string, taken: (text: string) => boolean) => string | undefined | 'unsure';
}

/** The same classes as `classify` gives, the shortest samples first; undefined where a pattern is of another form. */
export function nestedClasses(sets: readonly (readonly Tokens[])[], domain: Domain): StringClasses | undefined {
  const nodes = nodesOf(sets);
  const sorted = nodes?.sort((a, b) =>
    a.head < b.head ? -1 : a.head > b.head ? 1 : Number(a.exact) - Number(b.exact),
  );
  if (!sorted) return undefined;
  const root: Node = { head: '', exact: false, sets: new Set(), inner: [], outer: undefined };
  let around = root;
  for (const node of sorted) {
    while (around !== root && !node.head.startsWith(around.head)) around = around.outer ?? root;
    node.outer = around;
    around.inner.push(node);
    if (!node.exact) around = node;
  }
  const found: { readonly sample: string; readonly node: Node }[] = [];
  // A star alone takes in everything, so that nothing is left around it.
  for (const node of sorted.some(({ head, exact }) => head === '' && !exact) ? sorted : [root, ...sorted]) {
    const sample = sampleOf(node, domain);
    if (sample === 'unsure') return undefined;
    if (sample !== undefined) found.push({ sample, node });
  }
  found.sort((a, b) => a.sample.length - b.sample.length);
  const members = sets.map(() => emptyBits(found.length));
  found.forEach(({ node }, index) => {
    for (let one: Node | undefined = node; one; one = one.outer)
      for (const set of one.sets) {
        const column = members[set];
        if (column) setBit(column, index);
      }
  });
  return { samples: found.map(({ sample }) => sample), members };
}

/** One pattern: `head` itself where it is `exact`, else all that begins so. `inner` are those directly within it. */
interface Node {
  readonly head: string;
  readonly exact: boolean;
  readonly sets: Set<number>;
  readonly inner: Node[];
  outer: Node | undefined;
}

function nodesOf(sets: readonly (readonly Tokens[])[]): Node[] | undefined {
  const nodes = new Map<string, Node>();
  for (const [set, patterns] of sets.entries()) {
    for (const tokens of patterns) {
      const exact = tokens[tokens.length - 1] !== STAR;
      const letters = exact ? tokens : tokens.slice(0, -1);
      if (letters.length > LONGEST || !letters.every((token) => token >= 0 && token < CASELESS)) return undefined;
      const head = String.fromCharCode(...letters);
      const name = `${exact ? '=' : '*'}${head}`;
      const node = nodes.get(name) ?? { head, exact, sets: new Set(), inner: [], outer: undefined };
      node.sets.add(set);
      nodes.set(name, node);
    }
  }
  return [...nodes.values()];
}

/** Longer patterns are left to the walk, which bounds its work. */
const LONGEST = 4096;

/** A string of the node that is of none within it; undefined where there is none. */
function sampleOf({ head, exact, inner }: Node, domain: Domain): string | undefined | 'unsure' {
  if (exact) return domain.has(head) ? head : undefined;
  const taken = (text: string) => inner.some((one) => (one.exact ? text === one.head : text.startsWith(one.head)));
  if (domain.has(head) && !taken(head)) return head;
  return domain.within(head, taken);
}

/** `before` and `after` around the first letter with which the string is not taken; `unsure` where all that are tried are. */
export function freeBetween(before: string, after: string, taken: (text: string) => boolean): string | 'unsure' {
  for (const letter of PLEASANT) {
    const text = before + letter + after;
    if (!taken(text)) return text;
  }
  for (let code = 0x4e00; code < 0x5200; code++) {
    const text = before + String.fromCharCode(code) + after;
    if (!taken(text)) return text;
  }
  return 'unsure';
}

const PLEASANT = Array.from('xayzbcdefghijklmnopqrstuvw0123456789-_');
