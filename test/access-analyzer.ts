/**
 * An IAM Access Analyzer of our own on this machine, written from the shapes of its API: routes, names of errors, paging. It
 * answers what a test tells it to and keeps what it was asked. It judges no policy, and nothing here was compared with AWS.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked. */
export interface Asked {
  readonly operation: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The last part of the path, where the operation has one: a job. */
  readonly id: string;
}

/** What to answer: JSON; a named error; any text; or nothing at all. */
export type Answer =
  | { readonly json: unknown }
  | { readonly error: string; readonly status: number; readonly message: string; readonly more?: object }
  | { readonly text: string; readonly status: number; readonly type: string }
  | 'hang'
  | 'hang up';

/** A running one. `answer` may be replaced at any time. */
export interface Stub {
  readonly url: string;
  readonly asked: Asked[];
  answer: (asked: Asked) => Answer;
  readonly close: () => Promise<void>;
}

const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['POST', /^\/policy\/validation$/, 'ValidatePolicy'],
  ['POST', /^\/policy\/check-no-new-access$/, 'CheckNoNewAccess'],
  ['POST', /^\/policy\/check-access-not-granted$/, 'CheckAccessNotGranted'],
  ['POST', /^\/policy\/check-no-public-access$/, 'CheckNoPublicAccess'],
  ['PUT', /^\/policy\/generation$/, 'StartPolicyGeneration'],
  ['GET', /^\/policy\/generation$/, 'ListPolicyGenerations'],
  ['GET', /^\/policy\/generation\/([^/]+)$/, 'GetGeneratedPolicy'],
  ['PUT', /^\/policy\/generation\/([^/]+)$/, 'CancelPolicyGeneration'],
];

/** Starts one on a free port of this machine. */
export async function startStub(answer: (asked: Asked) => Answer): Promise<Stub> {
  const server = createServer((request, response) => void serve(request, response, stub));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

async function serve(request: IncomingMessage, response: ServerResponse, stub: Stub): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, path, operation] =
    ROUTES.find(([method, route]) => method === request.method && route.test(url.pathname)) ?? [];
  const asked: Asked = {
    operation: operation ?? `${request.method} ${url.pathname}`,
    query: Object.fromEntries(url.searchParams),
    body: chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {},
    headers: request.headers,
    id: path?.exec(url.pathname)?.[1] ?? '',
  };
  stub.asked.push(asked);
  send(response, operation === undefined ? NO_ROUTE : stub.answer(asked));
}

const NO_ROUTE: Answer = { text: '<html>no such route</html>', status: 404, type: 'text/html' };

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'hang up') {
    response.destroy();
    return;
  }
  if ('text' in answer) {
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
    return;
  }
  const isError = 'error' in answer;
  const body = isError ? { message: answer.message, ...answer.more } : answer.json;
  response
    .writeHead(isError ? answer.status : 200, {
      'content-type': 'application/json',
      'x-amzn-requestid': '00000000-0000-0000-0000-000000000000',
      ...(isError ? { 'x-amzn-errortype': `${answer.error}:http://internal.amazon.com/coral/` } : {}),
    })
    .end(JSON.stringify(body));
}

/** The document that was asked about. */
export function documentIn({ body }: Asked): string {
  return String(body.policyDocument ?? body.newPolicyDocument ?? '');
}

/** One step of a path: `{ value: 'Statement' }`, `{ index: 0 }`, `{ key: 'Sid' }`. */
export type Step = { readonly value: string } | { readonly index: number } | { readonly key: string };

/** A location as AWS gives it; the span is that of the first time that `word` stands in the document. */
export function locationOf(asked: Asked, word: string, ...path: readonly Step[]) {
  const start = documentIn(asked).indexOf(word);
  const position = (offset: number) => ({ line: 1, column: offset, offset });
  return { path, span: { start: position(start), end: position(start + word.length) } };
}

/** A finding of ValidatePolicy. */
export function findingOf(issueCode: string, findingType: string, ...locations: readonly object[]) {
  return {
    issueCode,
    findingType,
    findingDetails: `Details of ${issueCode}.`,
    learnMoreLink: `https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#${issueCode.toLowerCase()}`,
    locations,
  };
}

/** Environment variables under which the SDK has credentials and asks nobody else for any. */
export const CREDENTIALS: Readonly<Record<string, string | undefined>> = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret-example',
  AWS_REGION: 'eu-central-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_ENDPOINT_URL_ACCESSANALYZER: undefined,
};

/** Sets variables of this process, or takes them away; gives what puts them back. */
export function withVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(variables);
  return () => set(before);
}
