/**
 * Connection: the calls, through AWS's own SDK. The only file that knows it. Turns what goes wrong into a Trouble; writes
 * nothing anywhere, and neither credentials nor what AWS says of them leave this file.
 */
import {
  AccessAnalyzerClient,
  type AccessCheckResourceType,
  CancelPolicyGenerationCommand,
  CheckAccessNotGrantedCommand,
  CheckNoNewAccessCommand,
  CheckNoPublicAccessCommand,
  GetGeneratedPolicyCommand,
  paginateListPolicyGenerations,
  paginateValidatePolicy,
  StartPolicyGenerationCommand,
  type ValidatePolicyResourceType,
} from '@aws-sdk/client-accessanalyzer';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { CheckReason, Input, PolicyFinding, Reply } from './shapes.ts';
import { type SignIn, Trouble, troubleOf } from './trouble.ts';

/** Who asks, and where. What is undefined is decided as AWS's own tools do: by the environment and the shared files. */
export interface ConnectionSettings {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** Milliseconds until a connection must stand and an answer must be there. */
  readonly patience?: { readonly connect: number; readonly answer: number };
  /** How often a call is made at most, where AWS asks to slow down or fails. */
  readonly attempts?: number;
}

/** What to generate a policy from. Times are ISO 8601. */
export interface GenerationOrder {
  readonly principalArn: string;
  readonly trailArn: string;
  readonly accessRole: string;
  readonly startTime: string;
  readonly endTime: string;
  /** Equal tokens start one job. */
  readonly token: string;
}

/** How a generation stands, with its policies once it has succeeded. */
export interface Generation {
  readonly job: string;
  readonly status: string;
  readonly principalArn: string | undefined;
  readonly startedOn: string | undefined;
  /** Why it failed, as AWS's code. */
  readonly failure: string | undefined;
  readonly policies: readonly string[];
  readonly isComplete: boolean;
}

/** An open connection. Every call rejects with a {@link Trouble}; `signal` ends it at once. */
export interface Connection {
  ask(input: Input, signal: AbortSignal): Promise<Reply>;
  startGeneration(order: GenerationOrder, signal: AbortSignal): Promise<string>;
  generation(job: string, signal: AbortSignal): Promise<Generation>;
  generations(principalArn: string | undefined, signal: AbortSignal): Promise<readonly Generation[]>;
  cancelGeneration(job: string, signal: AbortSignal): Promise<void>;
  /** The Region that is asked. */
  region(signal: AbortSignal): Promise<string>;
  close(): void;
}

const PATIENCE = { connect: 10_000, answer: 60_000 };
const ATTEMPTS = 5;
/** Findings by page: more than any policy has had, so that there mostly is one. */
const PAGE = 100;

/** Opens a connection; nothing is sent yet. */
export function connect(settings: ConnectionSettings): Connection {
  // The SDK warns on standard error that later versions of it need a newer Node; docs/aws.md says so instead.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { profile, region, endpoint, patience = PATIENCE, attempts = ATTEMPTS } = settings;
  const client = new AccessAnalyzerClient({
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: attempts,
    logger: SILENT,
    requestHandler: {
      connectionTimeout: patience.connect,
      requestTimeout: patience.answer,
      throwOnRequestTimeout: true,
      logger: SILENT,
    },
  });
  // The SDK remembers the shared files for as long as the process lives: who has just mended them would not be heard.
  const fresh = loadSharedConfigFiles({ ignoreCache: true }).catch(() => NO_FILES);
  const call = <T>(operation: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    untilAborted(fresh.then(work), signal).catch(async (error) => {
      const name = profile ?? process.env.AWS_PROFILE ?? 'default';
      throw troubleOf(error, { operation, settings, isAborted: signal.aborted, signIn: signInOf(await fresh, name) });
    });
  return {
    ask: (input, signal) => call(input.operation, signal, () => ask(client, input, signal)),
    startGeneration: (order, signal) =>
      call('StartPolicyGeneration', signal, () => startGeneration(client, order, signal)),
    generation: (job, signal) => call('GetGeneratedPolicy', signal, () => generation(client, job, signal)),
    generations: (principalArn, signal) =>
      call('ListPolicyGenerations', signal, () => generations(client, principalArn, signal)),
    cancelGeneration: (job, signal) =>
      call('CancelPolicyGeneration', signal, async () => {
        await client.send(new CancelPolicyGenerationCommand({ jobId: job }), { abortSignal: signal });
      }),
    region: (signal) => call('the Region', signal, () => client.config.region()),
    close: () => client.destroy(),
  };
}

const NO_FILES: Awaited<ReturnType<typeof loadSharedConfigFiles>> = { configFile: {}, credentialsFile: {} };

/** How a profile signs in, by the names of its settings alone. */
function signInOf({ configFile, credentialsFile }: typeof NO_FILES, profile: string): SignIn {
  const settings = { ...configFile[profile], ...credentialsFile[profile] };
  if (Object.keys(settings).length === 0) return 'no such profile';
  if ('sso_session' in settings || 'sso_start_url' in settings) return 'SSO';
  return 'credential_process' in settings ? 'process' : 'otherwise';
}

const SILENT = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Signing in, a credential process for instance, knows no signal: whoever cancels does not wait for it. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(Object.assign(new Error('cancelled'), { name: 'AbortError' }));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function ask(client: AccessAnalyzerClient, input: Input, signal: AbortSignal): Promise<Reply> {
  const options = { abortSignal: signal };
  switch (input.operation) {
    case 'ValidatePolicy':
      return validate(client, input, signal);
    case 'CheckNoNewAccess': {
      const { newPolicyDocument, existingPolicyDocument } = input;
      // What the API takes is narrower than what it has a name for: AWS itself refuses the other types, in words.
      const policyType = input.policyType === 'IDENTITY_POLICY' ? 'IDENTITY_POLICY' : 'RESOURCE_POLICY';
      return checked(
        await client.send(
          new CheckNoNewAccessCommand({ newPolicyDocument, existingPolicyDocument, policyType }),
          options,
        ),
      );
    }
    case 'CheckAccessNotGranted': {
      const { policyDocument, access } = input;
      const policyType = input.policyType === 'IDENTITY_POLICY' ? 'IDENTITY_POLICY' : 'RESOURCE_POLICY';
      const { actions, resources } = access;
      const forbidden = {
        ...(actions.length > 0 ? { actions: [...actions] } : {}),
        ...(resources.length > 0 ? { resources: [...resources] } : {}),
      };
      return checked(
        await client.send(
          new CheckAccessNotGrantedCommand({ policyDocument, access: [forbidden], policyType }),
          options,
        ),
      );
    }
    case 'CheckNoPublicAccess': {
      const { policyDocument } = input;
      const resourceType = input.resourceType as AccessCheckResourceType;
      return checked(await client.send(new CheckNoPublicAccessCommand({ policyDocument, resourceType }), options));
    }
  }
}

type ValidateInput = Extract<Input, { operation: 'ValidatePolicy' }>;

async function validate(client: AccessAnalyzerClient, input: ValidateInput, signal: AbortSignal): Promise<Reply> {
  const { policyDocument, policyType, validatePolicyResourceType } = input;
  const findings: PolicyFinding[] = [];
  const pages = paginateValidatePolicy(
    { client, pageSize: PAGE, stopOnSameToken: true },
    {
      policyDocument,
      policyType,
      ...(validatePolicyResourceType === undefined
        ? {}
        : { validatePolicyResourceType: validatePolicyResourceType as ValidatePolicyResourceType }),
    },
    { abortSignal: signal },
  );
  for await (const page of pages) {
    if (!Array.isArray(page.findings)) throw strangeAnswer();
    for (const { findingDetails, findingType, issueCode, learnMoreLink, locations } of page.findings)
      findings.push({
        findingDetails: findingDetails ?? '',
        findingType: findingType ?? '',
        issueCode: issueCode ?? '',
        learnMoreLink: learnMoreLink ?? '',
        locations: (locations ?? []) as PolicyFinding['locations'],
      });
  }
  return { kind: 'findings', findings };
}

interface CheckOutput {
  readonly result?: string | undefined;
  readonly message?: string | undefined;
  readonly reasons?: readonly CheckReason[] | undefined;
}

function checked({ result, message = '', reasons = [] }: CheckOutput): Reply {
  if (result !== 'PASS' && result !== 'FAIL') throw strangeAnswer();
  return { kind: 'check', result, message, reasons };
}

/** JSON, but none that Access Analyzer gives: somebody else answers. */
function strangeAnswer(): Trouble {
  return new Trouble('proxy', 'What answered is not IAM Access Analyzer: check the endpoint and the proxy.');
}

async function startGeneration(
  client: AccessAnalyzerClient,
  order: GenerationOrder,
  signal: AbortSignal,
): Promise<string> {
  const { jobId } = await client.send(
    new StartPolicyGenerationCommand({
      policyGenerationDetails: { principalArn: order.principalArn },
      cloudTrailDetails: {
        trails: [{ cloudTrailArn: order.trailArn, allRegions: true }],
        accessRole: order.accessRole,
        startTime: new Date(order.startTime),
        endTime: new Date(order.endTime),
      },
      clientToken: order.token,
    }),
    { abortSignal: signal },
  );
  if (!jobId) throw strangeAnswer();
  return jobId;
}

async function generation(client: AccessAnalyzerClient, job: string, signal: AbortSignal): Promise<Generation> {
  const { jobDetails, generatedPolicyResult } = await client.send(
    new GetGeneratedPolicyCommand({ jobId: job, includeResourcePlaceholders: true, includeServiceLevelTemplate: true }),
    { abortSignal: signal },
  );
  if (!jobDetails?.status) throw strangeAnswer();
  return {
    job,
    status: jobDetails.status,
    principalArn: generatedPolicyResult?.properties?.principalArn,
    startedOn: jobDetails.startedOn?.toISOString(),
    failure: jobDetails.jobError?.code,
    policies: (generatedPolicyResult?.generatedPolicies ?? []).flatMap(({ policy }) => (policy ? [policy] : [])),
    isComplete: generatedPolicyResult?.properties?.isComplete ?? false,
  };
}

async function generations(
  client: AccessAnalyzerClient,
  principalArn: string | undefined,
  signal: AbortSignal,
): Promise<readonly Generation[]> {
  const found: Generation[] = [];
  const pages = paginateListPolicyGenerations(
    { client, stopOnSameToken: true },
    principalArn === undefined ? {} : { principalArn },
    { abortSignal: signal },
  );
  for await (const page of pages)
    for (const one of page.policyGenerations ?? [])
      found.push({
        job: one.jobId ?? '',
        status: one.status ?? '',
        principalArn: one.principalArn,
        startedOn: one.startedOn?.toISOString(),
        failure: undefined,
        policies: [],
        isComplete: false,
      });
  return found;
}
