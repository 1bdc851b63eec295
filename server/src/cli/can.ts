/** The command `can`: whether policies allow a request, and which statements decide. */
import { type Evaluation, evaluateDocuments, type StatementRef } from '../access/documents.ts';
import type { Principal, Request } from '../access/request.ts';
import type { Flags } from './arguments.ts';
import { documentText } from './documents.ts';
import { type ExitCode, Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** Evaluates one request. Anything but `allowed` is exit code 1. */
export function can(flags: Flags, terminal: Terminal): ExitCode {
  const text = (name: string) => {
    const path = flags.value(name);
    return path === undefined ? {} : { [KEYS[name] ?? name]: documentText(path, terminal) };
  };
  const identity = flags.values('identity').map((path) => documentText(path, terminal));
  const scps = flags.values('scp').map((path) => [documentText(path, terminal)]);
  if (identity.length === 0 && !flags.has('resource-policy'))
    throw new Failure('`leastwise can` needs `--identity` or `--resource-policy`');
  const answer = evaluateDocuments({
    request: requestOf(flags),
    policies: {
      ...(identity.length > 0 ? { identity } : {}),
      ...(scps.length > 0 ? { scps } : {}),
      ...text('resource-policy'),
      ...text('boundary'),
      ...text('session'),
    },
  });
  terminal.out(flags.value('format') === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : said(answer, flags));
  return answer.decision === 'allowed' ? 0 : 1;
}

/** Where a flag's name is not the library's. */
const KEYS: Readonly<Record<string, string>> = { 'resource-policy': 'resource' };

function requestOf(flags: Flags): Request {
  const action = flags.value('action');
  const resource = flags.value('resource');
  if (action === undefined || resource === undefined)
    throw new Failure('`leastwise can` needs `--action` and `--resource`');
  const context = new Map<string, string[]>();
  for (const pair of flags.values('context')) {
    const at = pair.indexOf('=');
    if (at < 1) throw new Failure(`\`--context\` takes KEY=VALUE, not \`${pair}\``);
    const key = pair.slice(0, at);
    context.set(key, [...(context.get(key) ?? []), pair.slice(at + 1)]);
  }
  const principal = flags.value('principal');
  return {
    action,
    resource,
    ...(principal === undefined ? {} : { principal: principalOf(principal) }),
    context: Object.fromEntries(
      [...context].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
    ),
  };
}

/** A service by its domain, a provider by its ARN, anybody, or an AWS principal. */
function principalOf(text: string): Principal {
  if (text === '*') return '*';
  if (/^arn:[^:]*:iam::[^:]*:(oidc|saml)-provider\//.test(text)) return { Federated: text };
  return /\.amazonaws\.com(\.cn)?$/.test(text) && !text.startsWith('arn:') ? { Service: text } : { AWS: text };
}

function said({ decision, statements, reason }: Evaluation, flags: Flags): string {
  const by = statements.map((statement) => `  by ${nameOf(statement, flags)}\n`);
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${decision.replace('-', ' ')}${why}\n${by.join('')}`;
}

/** `identity[0]` by its file. */
function nameOf({ policy, index, sid }: StatementRef, flags: Flags): string {
  const found = /^(\w+)(?:\[(\d+)\])?/.exec(policy);
  const [, slot = '', place = '0'] = found ?? [];
  const flag = slot === 'resource' ? 'resource-policy' : slot === 'scps' ? 'scp' : slot;
  const file = flags.values(flag)[Number(place)] ?? policy;
  return `${file}, statement ${sid === undefined ? index + 1 : `\`${sid}\``}`;
}
