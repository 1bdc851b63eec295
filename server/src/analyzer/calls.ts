/** Calls: which questions an order means for the policies of a module, and which cannot be asked. Pure; sends nothing. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Config, Never } from '../config/config.ts';
import type { Policy } from '../policy/policy.ts';
import { fileMatches } from '../rules/file-match.ts';
import { contains } from '../text/text.ts';
import { type Document, documentOf } from './document.ts';
import { type AwsKind, awsKindOf } from './kinds.ts';
import type { ForbiddenAccess, Input } from './shapes.ts';

/** A policy as AWS is asked about it. Equal keys are equal questions, wherever the policies stand. */
export interface Subject {
  readonly policy: Policy;
  readonly document: Document;
  readonly kind: AwsKind;
  readonly key: string;
}

/** One question, to be asked at most once. */
export interface Call {
  readonly subject: Subject;
  readonly input: Input;
}

/** A check of AWS's that is asked for beside the validation. */
export type Check =
  /** `referenceOf` gives the JSON of what the policy is compared with, or in words why there is none. */
  | {
      readonly check: 'no-new-access';
      readonly referenceOf: (subject: Subject) => { readonly text: string } | { readonly none: string };
    }
  /** Without `access`, what `never` in the configuration says. */
  | { readonly check: 'access-not-granted'; readonly access?: ForbiddenAccess }
  /** `resourceType` is what the policies hang on whose place does not say it. */
  | { readonly check: 'no-public-access'; readonly resourceType?: string };

/** The names of the checks. */
export const CHECKS: readonly Check['check'][] = ['no-new-access', 'no-public-access', 'access-not-granted'];

/** The questions, and in words what is not asked. */
export interface Plan {
  readonly calls: readonly Call[];
  readonly notes: readonly string[];
}

/** What is to be asked about the policies of a module that stand in files that `isAsked` takes. */
export function planCalls(
  analysis: ModuleAnalysis,
  isAsked: (path: string) => boolean,
  checks: readonly Check[],
  config: Config,
): Plan {
  const calls: Call[] = [];
  const notes: string[] = [];
  for (const policy of analysis.policies) {
    if (!isAsked(policy.site.span.source)) continue;
    const subject = subjectOf(analysis, policy);
    if (typeof subject === 'string') {
      notes.push(`${nameOf(policy)} is not asked about: ${subject}`);
      continue;
    }
    calls.push({ subject, input: validation(subject) });
    for (const check of checks) {
      for (const one of checkInputs(check, subject, config)) {
        if (typeof one === 'string') notes.push(`${nameOf(policy)}: ${check.check} is not asked: ${one}`);
        else calls.push({ subject, input: one });
      }
    }
  }
  return { calls, notes };
}

/** How people name a policy. */
export function nameOf({ site }: Policy): string {
  return site.address === '' ? site.span.source.replace(/^.*[\\/]/, '') : site.address;
}

/** The policy as AWS is asked about it, or why it is not. */
export function subjectOf({ module }: ModuleAnalysis, policy: Policy): Subject | string {
  const known = SUBJECTS.get(policy);
  if (known !== undefined) return known;
  const isBroken = module.problems.some(({ id, span }) => id === 'syntax' && contains(policy.site.span, span));
  const document = isBroken ? undefined : documentOf(policy);
  const kind = awsKindOf(policy);
  const subject = document
    ? { policy, document, kind, key: JSON.stringify([kind, document.text]) }
    : isBroken
      ? 'its syntax has to be mended first'
      : 'its statements are known at deploy time only';
  SUBJECTS.set(policy, subject);
  return subject;
}

const SUBJECTS = new WeakMap<Policy, Subject | string>();

function validation({ document, kind }: Subject): Input {
  return {
    operation: 'ValidatePolicy',
    policyDocument: document.text,
    policyType: kind.policyType,
    ...(kind.validateAs === undefined ? {} : { validatePolicyResourceType: kind.validateAs }),
  };
}

function checkInputs(check: Check, subject: Subject, config: Config): readonly (Input | string)[] {
  const { kind, document, policy } = subject;
  const { policyType } = kind;
  if (check.check === 'no-public-access') {
    if (policyType !== 'RESOURCE_POLICY') return [];
    const resourceType = kind.publicAs ?? check.resourceType;
    if (resourceType === undefined) return ['its place does not tell what resource it is on'];
    return [{ operation: 'CheckNoPublicAccess', policyDocument: document.text, resourceType }];
  }
  if (policyType === 'SERVICE_CONTROL_POLICY' || policyType === 'RESOURCE_CONTROL_POLICY')
    return ['AWS has the check for identity-based and resource-based policies only'];
  if (check.check === 'no-new-access') {
    const reference = check.referenceOf(subject);
    if ('none' in reference) return [reference.none];
    return [
      {
        operation: 'CheckNoNewAccess',
        newPolicyDocument: document.text,
        existingPolicyDocument: reference.text,
        policyType,
      },
    ];
  }
  const wanted = check.access ? [check.access] : forbiddenBy(config.never, policy, config);
  return wanted.flatMap((access): readonly (Input | string)[] =>
    typeof access === 'string'
      ? [access]
      : inPieces(access).map((piece) => ({
          operation: 'CheckAccessNotGranted' as const,
          policyDocument: document.text,
          access: piece,
          policyType,
        })),
  );
}

/** The configuration's guardrails as AWS takes them, or in words why it does not. Exempt files are not asked about. */
function forbiddenBy(
  guardrails: readonly Never[],
  policy: Policy,
  config: Config,
): readonly (ForbiddenAccess | string)[] {
  if (guardrails.length === 0)
    return ['`never` in leastwise.json names nothing, and no actions or resources are given'];
  return guardrails.flatMap((guardrail): readonly (ForbiddenAccess | string)[] => {
    const { actions, unless } = guardrail;
    if (unless !== undefined && fileMatches(unless, policy.site.span.source, config.path)) return [];
    const resources = guardrail.resources.includes('*') ? [] : guardrail.resources.map(inOnePartition);
    const refused = resources.find((resource) => /[*?]/.test(resource.split(':').slice(0, 5).join(':')));
    if (refused !== undefined)
      return [`AWS takes wildcards in the last part of an ARN only, which rules out \`${refused}\` in \`never\``];
    return [{ actions: actions.includes('*') && resources.length > 0 ? [] : actions, resources }];
  });
}

/** Guardrails hold in every partition; AWS is asked about its main one. */
function inOnePartition(resource: string): string {
  return resource.replace(/^arn:\*:/, 'arn:aws:');
}

/** Actions and resources that AWS takes at most in one call. */
const MOST = 100;

/** Any action on any resource is forbidden, so that the lists can be asked about piece by piece. */
function inPieces({ actions, resources }: ForbiddenAccess): readonly ForbiddenAccess[] {
  return piecesOf(actions).flatMap((some) =>
    piecesOf(resources).map((others) => ({ actions: some, resources: others })),
  );
}

function piecesOf(list: readonly string[]): readonly (readonly string[])[] {
  const pieces: (readonly string[])[] = [];
  for (let at = 0; at === 0 || at < list.length; at += MOST) pieces.push(list.slice(at, at + MOST));
  return pieces;
}
