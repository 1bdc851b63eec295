/**
 * Condition facts: what a condition's operator and key mean, computed once for all rules. Position-free and interned by
 * the words of operator and key. Certain knowledge only: whatever is a hole is undefined here. Never throws.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { ConditionKey } from '../catalog/service.ts';
import { type Operator, operatorOf } from '../policy/condition.ts';
import type { Condition } from '../policy/policy.ts';
import { knownText } from '../text/text.ts';

/** What is certain of a condition's operator and key; nothing of its values. */
export interface ConditionFacts {
  /** Undefined where the operator's name is not known, or IAM has none of that name. */
  readonly operator: Operator | undefined;
  /** The key in lower case; undefined where it is not known. */
  readonly name: string | undefined;
  /**
   * The key as AWS defines it, looked up when first asked for; undefined where the name is not known or the catalog has
   * none, as with keys of identity providers. Asking may read the slice of the key's service: ask after cheaper questions.
   */
  readonly key: ConditionKey | undefined;
}

/** The facts of a condition. Conditions with the same operator and key share one object, so what follows from both may be remembered by it. */
export function conditionFacts(condition: Condition, catalog: Catalog): ConditionFacts {
  const memory = memoryOf(catalog);
  const before = memory.asked.get(condition);
  if (before) return before;
  const facts = interned(condition, catalog, memory.interned);
  memory.asked.set(condition, facts);
  return facts;
}

function memoryOf(catalog: Catalog): Memory {
  const known = MEMORIES.get(catalog);
  if (known) return known;
  const memory = { asked: new WeakMap<Condition, ConditionFacts>(), interned: new Map<string, ConditionFacts>() };
  MEMORIES.set(catalog, memory);
  return memory;
}

function interned(condition: Condition, catalog: Catalog, memory: Map<string, ConditionFacts>): ConditionFacts {
  const key = knownText(condition.key);
  const operator = knownText(condition.operator);
  const place = `${operator ?? '\0'}\0${key ?? '\0'}`;
  const found = memory.get(place);
  if (found) return found;
  if (memory.size >= MOST) memory.clear();
  const facts = new Computed(operatorOf(condition.operator), key?.toLowerCase(), catalog);
  memory.set(place, facts);
  return facts;
}

/** A class for the sake of its lazy getter: an object of this shape is made for every operator and key. */
class Computed implements ConditionFacts {
  readonly operator: Operator | undefined;
  readonly name: string | undefined;
  readonly #catalog: Catalog;
  #found: { readonly key: ConditionKey | undefined } | undefined;

  constructor(operator: Operator | undefined, name: string | undefined, catalog: Catalog) {
    this.operator = operator;
    this.name = name;
    this.#catalog = catalog;
  }

  get key(): ConditionKey | undefined {
    this.#found ??= { key: this.name === undefined ? undefined : this.#catalog.conditionKey(this.name) };
    return this.#found.key;
  }
}

interface Memory {
  readonly asked: WeakMap<Condition, ConditionFacts>;
  readonly interned: Map<string, ConditionFacts>;
}

const MEMORIES = new WeakMap<Catalog, Memory>();

/** Pairs of operator and key that are remembered; a repository of thousands of policies has a few hundred. */
const MOST = 5000;
