/** Module, site, thing: what a host reads together, and where policies stand in it. Plain data; knows no file system and no AWS data. */
import type { Problem } from '../finding/finding.ts';
import type { Span } from '../text/text.ts';
import type { Value } from '../value/value.ts';

/**
 * What a policy is attached to, which decides what its words mean. `endpoint` is a VPC endpoint policy, `boundary` a
 * permissions boundary, `scp` and `rcp` an organization's service and resource control policies.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'scp' | 'rcp' | 'session' | 'endpoint';

/** All kinds, for arguments and configuration. */
export const POLICY_KINDS: readonly PolicyKind[] = [
  'identity',
  'resource',
  'trust',
  'boundary',
  'scp',
  'rcp',
  'session',
  'endpoint',
];

/** A file as somebody hands it over. `path` names it in findings and decides the host; it is never opened. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * One place that holds a policy. `value` is the policy document.
 * `kind` is what the place dictates (`AssumeRolePolicyDocument`, a Terraform argument); undefined leaves it to the shape.
 */
export interface Site {
  readonly value: Value;
  readonly kind: PolicyKind | undefined;
  /** How people name the place: `aws_iam_policy.deploy.policy`, `Resources.Role.Policies[0]`, or empty for a whole file. */
  readonly address: string;
  /** The resource type that holds the policy, where a host knows it: `aws_kms_key`. */
  readonly holder?: string;
  readonly span: Span;
  /** The kind that a file or folder name hints at; rules that would be wrong for it stay silent. */
  readonly hint?: 'scp' | 'rcp' | 'boundary';
  /** True where the host itself fills in a Version (`aws_iam_policy_document`). */
  readonly versionImplied: boolean;
}

/** Something that policies can name or that can hold them: a bucket, a role, an attachment. */
export interface Thing {
  readonly id: string;
  /** The host's own type name: `aws_s3_bucket`. */
  readonly type: string;
  readonly name: string;
  readonly span: Span;
  /** There may be none or several of it, so that no reference names just one. */
  readonly several?: true;
}

/** A comment that takes a finding back: rule ids, the reason, and the text that it covers. */
export interface IgnoreDirective {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly span: Span;
  readonly covers: Span;
  /** What is found there may depend on what is not read here, so that nobody can tell whether it is needed. */
  readonly doubtful?: true;
}

/** Two places where one literal is read: for `readers(span)`. */
export interface Reading {
  /** The literal's own place. */
  readonly origin: Span;
  /** The index in `sites` of a policy that it feeds. */
  readonly site: number;
}

/**
 * A policy as it is under circumstances that its own text leaves open. `base` is what the text alone says of it, where that
 * is known. `directives` are the ignores that stand beside the text, where that is another module's.
 */
export interface Instance {
  readonly site: Site;
  readonly base: Site | undefined;
  readonly cause: Cause;
  readonly directives: readonly IgnoreDirective[];
  /** Literals that feed it from elsewhere, such as arguments of the call. */
  readonly origins: readonly Span[];
}

/**
 * What makes an instance of a policy. `call`: the module of that name, called at `span`, has arguments of its own. `read`:
 * the argument of that address reads the text in, at `span`. `default`: nobody says otherwise than the defaults of these
 * variables.
 */
export type Cause =
  | { readonly kind: 'call' | 'read'; readonly name: string; readonly span: Span }
  | { readonly kind: 'default'; readonly variables: readonly string[] };

/** A name that stands for statements which are written elsewhere, such as a policy template of SAM. They are explained, and not judged. */
export interface Grant {
  readonly name: string;
  readonly span: Span;
  /** A document of the statements, its parameters filled in. */
  readonly value: Value;
}

/** What a host makes of the sources that belong together. */
export interface Module {
  readonly host: string;
  readonly sources: readonly Source[];
  readonly sites: readonly Site[];
  readonly things: readonly Thing[];
  readonly problems: readonly Problem[];
  readonly directives: readonly IgnoreDirective[];
  /** Literals that feed a policy from elsewhere (a local, an anchor); see {@link readers}. */
  readonly readings: readonly Reading[];
  /** Policies of this and of other texts, under circumstances that this module knows of. They are no sites of it. */
  readonly instances?: readonly Instance[];
  /** Sources of other modules that were read, too. */
  readonly beside?: readonly Source[];
  readonly grants?: readonly Grant[];
}

/** The sites that the text at `span` feeds: those that contain it, and those that refer to it. An edit there is an edit of all of them. */
export function readers(module: Module, span: Span): readonly Site[] {
  const found = new Set<Site>();
  for (const site of module.sites) if (covers(site.span, span)) found.add(site);
  for (const reading of module.readings) {
    const site = module.sites[reading.site];
    if (site && covers(reading.origin, span)) found.add(site);
  }
  return [...found];
}

function covers(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}
