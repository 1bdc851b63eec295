/** Entry of the bundle that asks AWS: loaded by the language server and the command line when somebody asks, and not before. */
import { randomUUID } from 'node:crypto';
import type { ModuleAnalysis } from '../analysis.ts';
import type { Policy } from '../policy/policy.ts';
import { type Call, type Check, nameOf, type Plan, planCalls, type Subject } from './calls.ts';
import {
  type Connection,
  type ConnectionSettings,
  connect,
  type Generation,
  type GenerationOrder,
} from './connection.ts';
import { documentOf } from './document.ts';
import { awaitGeneration, type Proposal, proposalOf } from './generation.ts';
import { committedPolicies, counterpartOf } from './git.ts';
import type { Governing } from './hushed.ts';
import { PUBLIC_TYPES } from './kinds.ts';
import { askAll, type Memory, type Outcome, openCalls, openMemory } from './memory.ts';
import { type Merged, mergeAnswers, type SideBySide } from './merge.ts';
import { sharedProfiles } from './profiles.ts';
import { PRICE_PAGE } from './shapes.ts';

/** What a check compares with, as front ends say it. */
export type CheckOrder =
  | Exclude<Check, { check: 'no-new-access' }>
  /** With the text of a reference policy; without one, with what the last commit of git has. */
  | { readonly check: 'no-new-access'; readonly reference?: string };

/** All that the front ends need; they know neither the SDK nor the other files of this part. */
export interface Analyzer {
  readonly openMemory: () => Memory;
  readonly connect: (settings: ConnectionSettings) => Connection;
  /** What is to be asked about the policies of a module in files that `isAsked` takes. Reads git where a check compares with it. */
  readonly plan: (
    analysis: ModuleAnalysis,
    isAsked: (path: string) => boolean,
    orders: readonly CheckOrder[],
    governing: Governing,
  ) => Promise<Plan>;
  /** How people name the policy that a call is about. */
  readonly nameOf: (call: Call) => string;
  readonly openCalls: typeof openCalls;
  readonly askAll: typeof askAll;
  readonly merge: (analysis: ModuleAnalysis, memory: Memory, governing: Governing) => Merged;
  /** One policy's answers beside each other, as a line for the log. */
  readonly sideLine: (side: SideBySide) => string;
  readonly awaitGeneration: typeof awaitGeneration;
  /** What is left of the held policy when only what was used stays. */
  readonly proposalOf: (generation: Generation, held: Policy | undefined) => Proposal;
  /** A new order: the time that ends now, and a token of its own. */
  readonly orderOf: (wanted: WantedGeneration) => GenerationOrder;
  readonly sharedProfiles: typeof sharedProfiles;
  readonly publicTypes: readonly string[];
  readonly pricePage: string;
}

/** What to generate a policy from, as front ends say it: the last so many days of a trail. */
export interface WantedGeneration {
  readonly principalArn: string;
  readonly trailArn: string;
  readonly accessRole: string;
  readonly days: number;
}

export type { Connection, ConnectionSettings, Generation, Governing, Memory, Outcome, Plan, Proposal };

/** The part as one value, so that it can be handed around. */
export const analyzer: Analyzer = {
  openMemory,
  connect,
  plan: async (analysis, isAsked, orders, { config }) => {
    const checks = await Promise.all(orders.map((order) => checkOf(order, analysis)));
    return planCalls(analysis, isAsked, checks, config);
  },
  nameOf: ({ subject }) => nameOf(subject.policy),
  openCalls,
  askAll,
  merge: mergeAnswers,
  sideLine,
  awaitGeneration,
  proposalOf,
  orderOf,
  sharedProfiles,
  publicTypes: PUBLIC_TYPES,
  pricePage: PRICE_PAGE,
};

function orderOf({ principalArn, trailArn, accessRole, days }: WantedGeneration): GenerationOrder {
  const now = Date.now();
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    principalArn,
    trailArn,
    accessRole,
    startTime: time(now - days * 86_400_000),
    endTime: time(now),
    token: randomUUID(),
  };
}

async function checkOf(order: CheckOrder, analysis: ModuleAnalysis): Promise<Check> {
  if (order.check !== 'no-new-access') return order;
  const { check, reference } = order;
  if (reference !== undefined) return { check, referenceOf: () => ({ text: reference }) };
  const committed = await committedPolicies(analysis);
  return { check, referenceOf: (subject) => inCommit(subject, analysis.policies, committed) };
}

function inCommit(
  { policy, document }: Subject,
  own: readonly Policy[],
  committed: readonly Policy[] | string,
): { readonly text: string } | { readonly none: string } {
  if (typeof committed === 'string') return { none: committed };
  const before = counterpartOf(policy, own, committed);
  const text = before && documentOf(before)?.text;
  if (text === undefined) return { none: 'the last commit has no such policy' };
  return text === document.text ? { none: 'it is what the last commit has' } : { text };
}

function sideLine({ policy, askedAs, agreed, onlyAws, onlyHere, otherwise }: SideBySide): string {
  const list = (title: string, names: readonly string[]) =>
    names.length === 0 ? '' : `; ${title}: ${names.join(', ')}`;
  return `${policy} (${askedAs}): ${agreed} of both${list('only AWS', onlyAws)}${list('only here', onlyHere)}${list('differently', otherwise)}`;
}
