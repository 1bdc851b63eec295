/**
 * Clean: policies of which no rule of the first wave had anything to say, remembered by all that rules can see of them, so
 * that a keystroke costs nothing for the policies that it does not change. Knows no rules.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Policy } from '../policy/policy.ts';
import { contentOf } from '../value/content.ts';
import { fingerprint } from '../value/fingerprint.ts';

/** What is remembered under one catalog and configuration; the memory is bounded. */
export interface CleanPolicies {
  readonly has: (name: string) => boolean;
  readonly add: (name: string) => void;
}

const KNOWN = new WeakMap<Catalog, WeakMap<Config, CleanPolicies>>();
const MOST = 10_000;

/** The memory of that catalog and configuration. */
export function cleanPolicies(catalog: Catalog, config: Config): CleanPolicies {
  const byConfig = KNOWN.get(catalog) ?? new WeakMap<Config, CleanPolicies>();
  KNOWN.set(catalog, byConfig);
  const known = byConfig.get(config) ?? memory();
  byConfig.set(config, known);
  return known;
}

function memory(): CleanPolicies {
  const names = new Set<string>();
  return {
    has: (name) => names.has(name),
    add: (name) => {
      if (names.size >= MOST) names.clear();
      names.add(name);
    },
  };
}

/**
 * The memory for policies that are asked for and then judged. `looks` counts how often a rule has looked beyond a policy, at
 * the things of its module: what is found then is not remembered, since no name tells of them.
 */
export function heedful(memory: CleanPolicies, looks: () => number): CleanPolicies {
  let before = looks();
  return {
    has: (name) => {
      before = looks();
      return memory.has(name);
    },
    add: (name) => {
      if (looks() === before) memory.add(name);
    },
  };
}

/** The name of all that rules can see of a policy but its places: its content, what it is and what holds it. */
export function contentName({ site, kind, doubt, language, open, document }: Policy): string {
  const about = [kind, doubt, language, open, site.kind, site.hint, site.holder, site.address, site.versionImplied];
  return fingerprint(`${about.join(' ')} ${site.span.source} ${contentOf(document)}`);
}
