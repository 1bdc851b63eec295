/** Config: what `leastwise.json` says, as data. Reading it is in `read.ts`; finding it is the front ends' work. */

import type { Plain } from '../finding/edit.ts';
import type { Level } from '../finding/finding.ts';
import type { Span } from '../text/text.ts';

/** Which rules speak: `recommended`; `access-analyzer` for exactly the checks of IAM Access Analyzer at its levels; `all`. */
export type Preset = 'recommended' | 'access-analyzer' | 'all';

/** The level that a rule speaks at, or `off`, with the rule's own options. */
export interface RuleSetting {
  readonly level: Level | 'off' | undefined;
  readonly options: Readonly<Record<string, Plain>>;
}

/** Findings taken back: all that a rule says of matching files and statements, until the day `until` (`YYYY-MM-DD`, included). */
export interface Ignore {
  readonly rule: string;
  /** Glob relative to the config's folder, with `**`; every file where absent. */
  readonly file?: string;
  /** Sid glob; every statement where absent. */
  readonly sid?: string;
  readonly reason: string;
  readonly until?: string;
  /** Where it stands in the config file. */
  readonly span: Span;
}

/** Access that nothing may grant, as patterns; `unless` is a file glob or Sid glob that is exempt. */
export interface Never {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly unless?: string;
  readonly because: string;
}

/** A whole configuration. `path` is the file that it was read from, empty for the defaults. */
export interface Config {
  readonly path: string;
  readonly preset: Preset;
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly accounts: { readonly own: readonly string[]; readonly trusted: readonly string[] };
  readonly organization: string | undefined;
  readonly never: readonly Never[];
  readonly packs: readonly string[];
  readonly duties: readonly Duty[];
  readonly conflicts: readonly Conflict[];
  readonly ignore: readonly Ignore[];
}

/** Something that one identity can do that matters for separation of duties. Meaning: the duties document, "How to read the packs". */
export interface Duty {
  readonly id: string;
  readonly title: string;
  readonly anyOf: readonly Power[];
  /** What must be allowed too for the duty to be held: `iam:PassRole` to one of the services. */
  readonly requires: readonly { readonly actions: readonly string[]; readonly services: readonly string[] }[];
  /** Whether only a grant that reaches production holds it. */
  readonly production: boolean;
}

/** One way to hold a duty: any of the actions on a resource that one of the patterns covers, with request values as in `when`. */
export interface Power {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly when: Readonly<Record<string, readonly string[]>>;
}

/** Two duties that one identity must not hold together. */
export interface Conflict {
  readonly between: readonly [string, string];
  readonly severity: 'critical' | 'high' | 'medium';
  readonly meet: 'any' | 'same-resource' | 'same-environment';
  readonly because: string;
}

/** What holds where no file says otherwise. */
export const DEFAULT_CONFIG: Config = {
  path: '',
  preset: 'recommended',
  rules: new Map(),
  accounts: { own: [], trusted: [] },
  organization: undefined,
  never: [],
  packs: ['ml-pipeline'],
  duties: [],
  conflicts: [],
  ignore: [],
};
