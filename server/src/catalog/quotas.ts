/** Quotas: how long policies may be, from the table. Hand-kept data with its sources; measures nothing. */
import data from '../../data/quotas.json' with { type: 'json' };
import type { PolicyKind } from '../policy/module.ts';

/** How long a policy of some place may be. */
export interface Quota {
  /** What the quota belongs to, for messages: `a managed policy`. */
  readonly of: string;
  /** Characters that a policy may have. */
  readonly limit: number;
  /** Characters beyond which AWS refuses it for certain: more than `limit` where the quota can be raised, infinite where some place takes longer ones. */
  readonly most: number;
  /** Whether white space counts. */
  readonly blanks: boolean;
}

/** What is known of the place that a policy is for. `services` are the prefixes of all its actions, in lower case. */
export interface Place {
  readonly kind: PolicyKind;
  readonly holder: string | undefined;
  readonly services: () => readonly string[];
}

/** The quota that Access Analyzer measures a kind of policy by. */
export function analyzerQuota(kind: PolicyKind): Quota | undefined {
  return quotaFrom(ANALYZER.find(({ kinds }) => kinds.includes(kind)));
}

/** The quota of the place: its holder's where the table has one, else the one of its kind and services. Undefined where none is known for certain. */
export function quotaOf({ kind, holder, services }: Place): Quota | undefined {
  const rows = QUOTAS.filter(({ kinds }) => kinds.includes(kind));
  const own = rows.find(({ holders }) => holder !== undefined && holders?.includes(holder));
  if (own) return quotaFrom(own);
  const general = rows.filter(({ holders }) => !holders);
  const prefixes = general.some((row) => row.services) ? services() : [];
  return quotaFrom(
    general.find(
      (row) => !row.services || (prefixes.length > 0 && prefixes.every((one) => row.services?.includes(one))),
    ),
  );
}

function quotaFrom(row: Row | undefined): Quota | undefined {
  if (!row) return undefined;
  const { of, limit, blanks, raised = limit, soft } = row;
  return { of, limit, blanks, most: soft ? Number.POSITIVE_INFINITY : raised };
}

/** A row as JSON gives it. */
interface Row {
  readonly of: string;
  readonly kinds: readonly string[];
  readonly limit: number;
  readonly blanks: boolean;
  readonly raised?: number;
  readonly soft?: boolean;
  readonly holders?: readonly string[];
  readonly services?: readonly string[];
}

const ANALYZER: readonly Row[] = data.analyzer;
const QUOTAS: readonly Row[] = data.quotas;
