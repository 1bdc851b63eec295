/**
 * AWS: the requests by which an editor has IAM Access Analyzer asked, and the answers beside our findings. Asks nothing that
 * the user has not asked for, and nothing in a workspace that is not trusted. What asks is loaded with the first question.
 */
import {
  type CancellationToken,
  type Connection as Client,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import type { ModuleAnalysis } from '../analysis.ts';
import type { Analyzer, CheckOrder, Connection, Memory, WantedGeneration } from '../analyzer/main.ts';
import { record } from './settings.ts';
import type { Inspection } from './workspace.ts';

/** What it rests on. `inspect` waits for both waves of rules; `changed` is told when there are answers. */
export interface AwsSurroundings {
  readonly inspect: (uri: string) => Promise<Inspection | undefined>;
  readonly isTrusted: () => boolean;
  readonly changed: () => void;
}

/** Answers of AWS for this process. */
export interface Aws {
  /** The inspection with what AWS has said of the same content; the same object where that is nothing. */
  readonly beside: (inspection: Inspection) => Inspection;
  /** Takes the requests of the client. */
  readonly listen: (client: Client) => void;
}

/** What the editor is told about questions before they are asked. */
export interface PlanAnswer {
  readonly calls: number;
  readonly billed: number;
  readonly notes: readonly string[];
  readonly pricePage: string;
  readonly publicTypes: readonly string[];
}

/** What came of asking. `trouble` is why it did not come to an end. */
export interface AskAnswer {
  readonly asked: number;
  readonly remembered: number;
  /** One line for each policy, on what both say and who says what alone. */
  readonly lines: readonly string[];
  readonly differ: boolean;
  readonly notes: readonly string[];
  readonly refused: readonly string[];
  readonly region?: string;
  readonly trouble?: { readonly kind: string; readonly message: string };
}

interface Loaded {
  readonly analyzer: Analyzer;
  readonly memory: Memory;
}

/** Nothing is asked and nothing loaded yet. */
export function openAws(surroundings: AwsSurroundings): Aws {
  let loading: Promise<Loaded> | undefined;
  let loaded: Loaded | undefined;
  let merged = new WeakMap<ModuleAnalysis, ModuleAnalysis>();
  const load = async (): Promise<Loaded> => {
    loading ??= import('../analyzer/main.ts').then(({ analyzer }) => ({ analyzer, memory: analyzer.openMemory() }));
    loaded = await loading;
    return loaded;
  };
  const beside = (inspection: Inspection): Inspection => {
    const { analysis } = inspection;
    if (!loaded || !analysis) return inspection;
    const known = merged.get(analysis) ?? loaded.analyzer.merge(analysis, loaded.memory, inspection).analysis;
    merged.set(analysis, known);
    return known === analysis ? inspection : { ...inspection, analysis: known };
  };
  const inspected = async (params: unknown): Promise<Inspection & { readonly analysis: ModuleAnalysis }> => {
    const inspection = await surroundings.inspect(String(record(record(params).textDocument).uri));
    if (!inspection?.analysis) throw new Error('There is no policy in this file.');
    return { ...inspection, analysis: inspection.analysis };
  };
  const planFor = async ({ analyzer }: Loaded, params: unknown) => {
    const inspection = await inspected(params);
    const { path } = inspection.source;
    const isAsked = (one: string) => one === path;
    return { inspection, plan: await analyzer.plan(inspection.analysis, isAsked, ordersIn(params), inspection) };
  };

  const plan = async (params: unknown): Promise<PlanAnswer> => {
    const { analyzer, memory } = await load();
    const { plan: made } = await planFor({ analyzer, memory }, params);
    const { all, billed } = analyzer.openCalls(made.calls, memory);
    const { pricePage, publicTypes } = analyzer;
    return { calls: all, billed, notes: made.notes, pricePage, publicTypes };
  };

  const ask = async (params: unknown, signal: AbortSignal, told: (text: string) => void): Promise<AskAnswer> => {
    const { analyzer, memory } = await load();
    const { inspection, plan: made } = await planFor({ analyzer, memory }, params);
    const connection = connectFor(analyzer, params);
    try {
      const outcome = await analyzer.askAll(made.calls, connection, memory, signal, (done, total, call) =>
        told(`${analyzer.nameOf(call)} (${done + 1} of ${total})`),
      );
      merged = new WeakMap();
      surroundings.changed();
      const { sides } = analyzer.merge(inspection.analysis, memory, inspection);
      const { stopped, asked, remembered } = outcome;
      const region = await connection.region(signal).catch(() => undefined);
      return {
        asked,
        remembered,
        lines: sides.map(analyzer.sideLine),
        differ: sides.some(
          ({ onlyAws, onlyHere, otherwise }) => onlyAws.length + onlyHere.length + otherwise.length > 0,
        ),
        notes: made.notes,
        refused: outcome.refused.map(({ call, message }) => `${analyzer.nameOf(call)}: ${message}`),
        ...(region === undefined ? {} : { region }),
        ...(stopped ? { trouble: { kind: stopped.kind, message: stopped.message } } : {}),
      };
    } finally {
      connection.close();
    }
  };

  const generate = async (params: unknown, signal: AbortSignal, told: (text: string) => void) => {
    const { analyzer } = await load();
    const { job: known, wanted, textDocument } = record(params);
    const held = textDocument === undefined ? undefined : (await inspected(params)).analysis;
    const at = record(params).policy ?? '';
    const policy = held?.policies.find(({ site }) => site.address === at);
    const connection = connectFor(analyzer, params);
    try {
      const order = analyzer.orderOf(wantedIn(wanted));
      const job = typeof known === 'string' ? known : await connection.startGeneration(order, signal);
      told('IN_PROGRESS');
      const generation = await analyzer.awaitGeneration(connection, job, signal, told, intervalIn(params));
      return { job, ...analyzer.proposalOf(generation, policy) };
    } catch (error) {
      const { kind, message } = record(error);
      if (typeof kind !== 'string') throw error;
      return { trouble: { kind, message: String(message) } };
    } finally {
      connection.close();
    }
  };

  return {
    beside,
    listen: (client) => {
      const answer = (
        name: string,
        handle: (params: unknown, signal: AbortSignal, told: (text: string) => void) => Promise<object>,
      ) =>
        client.onRequest(`leastwise/aws/${name}`, async (params: unknown, token: CancellationToken) => {
          if (!surroundings.isTrusted())
            throw new ResponseError(
              LSPErrorCodes.RequestFailed,
              'AWS is not asked in a workspace that is not trusted.',
            );
          const controller = new AbortController();
          token.onCancellationRequested(() => controller.abort());
          const progress = record(params).progress;
          const told = (text: string) => void client.sendNotification('leastwise/aws/progress', { progress, text });
          try {
            return await handle(params, controller.signal, told);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            throw new ResponseError(LSPErrorCodes.RequestFailed, message);
          }
        });
      answer('plan', plan);
      answer('ask', ask);
      answer('generate', generate);
      answer('profiles', async () => (await load()).analyzer.sharedProfiles());
    },
  };
}

function connectFor(analyzer: Analyzer, params: unknown): Connection {
  const { profile, region, endpoint } = record(record(params).aws);
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return analyzer.connect({ profile: text(profile), region: text(region), endpoint: text(endpoint) });
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string' && one !== '') : [];
}

/** The checks that are asked for; whatever is none is passed over. */
function ordersIn(params: unknown): readonly CheckOrder[] {
  const { orders } = record(params);
  return (Array.isArray(orders) ? orders : []).flatMap((order): readonly CheckOrder[] => {
    const { check, reference, resourceType, actions, resources } = record(order);
    if (check === 'no-new-access') return [typeof reference === 'string' ? { check, reference } : { check }];
    if (check === 'no-public-access') return [typeof resourceType === 'string' ? { check, resourceType } : { check }];
    if (check !== 'access-not-granted') return [];
    const access = { actions: strings(actions), resources: strings(resources) };
    return [access.actions.length + access.resources.length === 0 ? { check } : { check, access }];
  });
}

function wantedIn(value: unknown): WantedGeneration {
  const { principalArn, trailArn, accessRole, days } = record(value);
  return {
    principalArn: String(principalArn ?? ''),
    trailArn: String(trailArn ?? ''),
    accessRole: String(accessRole ?? ''),
    days: typeof days === 'number' && days > 0 ? Math.min(days, 90) : 30,
  };
}

/** Milliseconds between questions how a job stands, where a test cannot wait. */
function intervalIn(params: unknown): number | undefined {
  const { interval } = record(params);
  return typeof interval === 'number' ? interval : undefined;
}
