/** The command `generate`: a policy of what a principal did, read off CloudTrail by AWS, beside the policy that it holds. Writes no file. */
import type { Analyzer, Generation } from '../analyzer/main.ts';
import type { Policy } from '../policy/policy.ts';
import { readPolicy } from '../policy/read.ts';
import type { Flags } from './arguments.ts';
import { catalogFile } from './catalog-file.ts';
import { openConfigs } from './configs.ts';
import { type ExitCode, Failure } from './failure.ts';
import { absolute } from './paths.ts';
import { analyzeGroup, groupTargets, readGroup, type SessionContext } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Runs `generate`. Waits for AWS, which may take minutes. */
export async function generate(operands: readonly string[], flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const [file] = operands;
  const held = file === undefined ? undefined : policyIn(file, terminal);
  const days = Number(flags.value('days') ?? 30);
  if (!Number.isInteger(days) || days < 1 || days > 90) throw new Failure('`--days` takes a number from 1 to 90');
  const { analyzer } = await import('../analyzer/main.ts');
  const connection = analyzer.connect({
    profile: flags.value('aws-profile'),
    region: flags.value('region'),
    endpoint: flags.value('endpoint'),
  });
  try {
    if (flags.has('jobs')) {
      const jobs = await connection.generations(flags.value('principal'), NEVER);
      terminal.out(jobs.map(jobLine).join(''));
      return 0;
    }
    const job = flags.value('job') ?? (await connection.startGeneration(analyzer.orderOf(wanted(flags, days)), NEVER));
    terminal.error(`leastwise: the job is ${job}; --job takes up what it gives\n`);
    const generation = await analyzer.awaitGeneration(connection, job, NEVER, (status) => {
      if (terminal.errorIsScreen) terminal.error(`\r\u001b[K${status}`);
    });
    if (terminal.errorIsScreen) terminal.error('\r\u001b[K');
    const proposal = analyzer.proposalOf(generation, held);
    terminal.out(proposal.proposed);
    const told = [
      ...(held
        ? [proposal.proved ? 'it is proved to allow nothing new' : 'it could not be proved to allow nothing new']
        : []),
      ...(proposal.foreign.length > 0 ? [`used, but not allowed by this policy: ${proposal.foreign.join(', ')}`] : []),
      ...proposal.notes,
    ];
    for (const line of told) terminal.error(`leastwise: ${line}\n`);
    return 0;
  } catch (error) {
    // What the connection throws is a sentence for the user, whatever its class in the other bundle.
    throw error instanceof Error && 'kind' in error ? new Failure(error.message) : error;
  } finally {
    connection.close();
  }
}

const NEVER = new AbortController().signal;

function wanted(flags: Flags, days: number): Parameters<Analyzer['orderOf']>[0] {
  const [principalArn, trailArn, accessRole] = [
    flags.value('principal'),
    flags.value('trail'),
    flags.value('access-role'),
  ];
  if (principalArn === undefined || trailArn === undefined || accessRole === undefined)
    throw new Failure('`leastwise generate` needs `--principal`, `--trail` and `--access-role`, or `--job`');
  return { principalArn, trailArn, accessRole, days };
}

function jobLine({ job, status, principalArn, startedOn }: Generation): string {
  return `${[job, status, startedOn ?? '', principalArn ?? ''].join('  ')}\n`;
}

/** The one policy of a file. */
function policyIn(file: string, terminal: Terminal): Policy {
  const fail = (message: string): never => {
    throw new Failure(message);
  };
  const context: SessionContext = {
    terminal,
    configs: openConfigs(undefined, undefined),
    catalog: catalogFile().catalog,
    kind: undefined,
    fixes: 'without fixes',
    narrowed: 'by flags',
    complain: fail,
    note: () => {},
  };
  const path = absolute(terminal.folder, file);
  const [group] = groupTargets([{ path, named: true }]);
  if (!group) return fail(`${file} cannot be read`);
  const { sources, beside } = readGroup(group, context);
  const { module } = analyzeGroup(group, sources, beside, context).of(path) ?? {};
  const policies = (module?.sites ?? [])
    .filter(({ span }) => span.source === path)
    .flatMap((site) => readPolicy(site) ?? []);
  const [first, second] = policies;
  if (!first) return fail(`${file} holds no policy`);
  return second ? fail(`${file} holds ${policies.length} policies; name a file with one`) : first;
}
