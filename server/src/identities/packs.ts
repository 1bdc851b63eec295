/** Packs: the duties that ship with Leastwise, read from their table. Hand-kept data with its sources; no judgement here. */
import data from '../../data/duties.json' with { type: 'json' };
import type { Config, Conflict, Duty, Power } from '../config/config.ts';

/** Duties and the pairs of them that one identity must not hold. */
export interface Pack {
  readonly id: string;
  readonly duties: readonly Duty[];
  readonly conflicts: readonly Conflict[];
}

/** What resource tags say about production, from the table. */
export const ENVIRONMENT: {
  readonly tagKeys: readonly string[];
  readonly production: readonly string[];
  readonly nonProduction: readonly string[];
} = data.environment;

/** Every pack's id. */
export const PACK_IDS: readonly string[] = data.packs.map((pack) => pack.id);

/** The duties and conflicts that a configuration asks for: those of its packs, then its own, which win by id. Read once for each configuration. */
export function packOf(config: Config): Pack {
  const known = ASKED.get(config);
  if (known) return known;
  const packs = data.packs.filter((pack) => config.packs.includes(pack.id)).map(readPack);
  const own = new Set(config.duties.map((duty) => duty.id));
  const pack = {
    id: config.packs.join('+'),
    duties: [...packs.flatMap((one) => one.duties).filter((duty) => !own.has(duty.id)), ...config.duties],
    conflicts: [...packs.flatMap((one) => one.conflicts), ...config.conflicts],
  };
  ASKED.set(config, pack);
  return pack;
}

const ASKED = new WeakMap<Config, Pack>();

/** All duties that the table knows, for configurations that name them. */
export const DUTY_IDS: readonly string[] = data.packs.flatMap((pack) => pack.duties.map((duty) => duty.id));

/** The table as JSON gives it. */
interface Row {
  readonly id: string;
  readonly duties: readonly {
    readonly id: string;
    readonly title: string;
    readonly environment?: string;
    readonly anyOf: readonly {
      readonly actions: readonly string[];
      readonly resources?: readonly string[];
      readonly when?: object;
    }[];
    readonly requires?: readonly { readonly actions: readonly string[]; readonly services: readonly string[] }[];
  }[];
  readonly conflicts: readonly {
    readonly between: readonly string[];
    readonly severity: string;
    readonly meet: string;
    readonly because: string;
  }[];
}

const READ = new Map<string, Pack>();

function readPack(row: Row): Pack {
  const known = READ.get(row.id);
  if (known) return known;
  const pack: Pack = {
    id: row.id,
    duties: row.duties.map((duty) => ({
      id: duty.id,
      title: duty.title,
      anyOf: duty.anyOf.map((power) => readPower(power.actions, power.resources ?? [], power.when ?? {})),
      requires: duty.requires ?? [],
      production: duty.environment === 'production',
    })),
    conflicts: row.conflicts.flatMap((conflict) => {
      const [first, second] = conflict.between;
      return first && second
        ? [
            {
              between: [first, second],
              severity: severityOf(conflict.severity),
              meet: meetOf(conflict.meet),
              because: conflict.because,
            },
          ]
        : [];
    }),
  };
  READ.set(row.id, pack);
  return pack;
}

function readPower(actions: readonly string[], resources: readonly string[], when: object): Power {
  const values = Object.entries(when).map(([key, list]) => [key.toLowerCase(), expand(strings(list))] as const);
  return {
    actions: actions.map((action) => action.toLowerCase()),
    resources: expand(resources),
    when: Object.fromEntries(values),
  };
}

function strings(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** `@rawData` stands for the parameter's patterns. */
function expand(patterns: readonly string[]): readonly string[] {
  const parameters = new Map(Object.entries(data.parameters));
  return patterns.flatMap((pattern) =>
    pattern.startsWith('@') ? (parameters.get(pattern.slice(1)) ?? []) : [pattern],
  );
}

function severityOf(word: string): Conflict['severity'] {
  return word === 'critical' || word === 'medium' ? word : 'high';
}

function meetOf(word: string): Conflict['meet'] {
  return word === 'same-resource' || word === 'same-environment' ? word : 'any';
}
