/** Sayings: each thing that AWS says of a policy, with the places in the user's file that it is about. Pure; decides nothing about ours. */
import type { Finding, Level } from '../finding/finding.ts';
import type { Subject } from './calls.ts';
import { offlineResult } from './offline.ts';
import { headOf, type Place, placeOf } from './place.ts';
import type { Input, PolicyFinding, Reply } from './shapes.ts';

/** Something that AWS says, at its places in the file; the first one is where it is shown. */
export interface Saying {
  readonly code: string;
  readonly level: Level;
  readonly message: string;
  readonly type: string | undefined;
  readonly page: string | undefined;
  readonly places: readonly Place[];
  /** Our own engine answers the same, though no rule has a finding for it. */
  readonly isSeen: boolean;
  /** Whether a finding of ours says the same. */
  readonly isLike: (finding: Finding) => boolean;
}

const LEVELS: Readonly<Record<string, Level>> = { ERROR: 'error', SECURITY_WARNING: 'warning', WARNING: 'warning' };

/** A policy as it was asked about. */
export type Asked = Pick<Subject, 'policy' | 'document'>;

/** What an answer says; nothing where a check passed. */
export function sayingsOf(input: Input, reply: Reply, asked: Asked): readonly Saying[] {
  if (reply.kind === 'findings') return reply.findings.map((finding) => validationSaying(finding, asked));
  if (reply.result === 'PASS') return [];
  return [checkSaying(input, reply, asked)];
}

function validationSaying(finding: PolicyFinding, { policy, document }: Asked): Saying {
  const { issueCode: code, findingType: type, findingDetails, learnMoreLink } = finding;
  const places = distinct(finding.locations.flatMap((location) => placeOf(location, document, policy) ?? []));
  return {
    code: code === '' ? 'access-analyzer' : code,
    level: LEVELS[type] ?? 'info',
    message: oneLine(findingDetails) || code,
    type,
    page: /^https:\/\//.test(learnMoreLink) ? learnMoreLink : undefined,
    places: places.length > 0 ? places : [headOf(policy)],
    isSeen: false,
    isLike: ({ accessAnalyzer }) => accessAnalyzer === code,
  };
}

/** What a check is called where it fails, as the command line calls it. */
export const CHECK_NAMES: Readonly<Record<Input['operation'], string>> = {
  ValidatePolicy: 'validate',
  CheckNoNewAccess: 'no-new-access',
  CheckAccessNotGranted: 'access-not-granted',
  CheckNoPublicAccess: 'no-public-access',
};

const CHECK_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html';

function checkSaying(input: Input, reply: Extract<Reply, { kind: 'check' }>, { policy, document }: Asked): Saying {
  const places = distinct(
    reply.reasons.flatMap(({ statementIndex }) => {
      if (statementIndex === undefined) return [];
      const path = [{ value: 'Statement' }, { index: statementIndex }];
      return placeOf({ path }, document, policy) ?? placeOf({ path: path.slice(0, 1) }, document, policy) ?? [];
    }),
  );
  const told = reply.reasons.flatMap(({ description }) =>
    description && !/statement with (index|sid)/i.test(description) ? [oneLine(description)] : [],
  );
  const forbidden =
    input.operation === 'CheckAccessNotGranted'
      ? ` (${[...input.access.actions, ...input.access.resources].slice(0, 6).join(', ')})`
      : '';
  return {
    code: CHECK_NAMES[input.operation],
    level: input.operation === 'CheckAccessNotGranted' ? 'error' : 'warning',
    message: `${[oneLine(reply.message) || 'The check failed.', ...told].join(' ')}${forbidden}`,
    type: undefined,
    page: CHECK_PAGE,
    places: places.length > 0 ? places : [headOf(policy)],
    isSeen: offlineResult(input, policy.kind) === 'FAIL',
    isLike: ({ rule }) => input.operation === 'CheckAccessNotGranted' && rule === 'never',
  };
}

/** Words before whole blocks, each place once. */
function distinct(places: readonly Place[]): readonly Place[] {
  const seen = new Set<string>();
  const fresh = places.filter(({ span }) => {
    const name = JSON.stringify(span);
    return !seen.has(name) && seen.add(name);
  });
  return [...fresh.filter(({ grain }) => grain === 'word'), ...fresh.filter(({ grain }) => grain !== 'word')];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
