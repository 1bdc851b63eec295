/**
 * Terraform plans as JSON (`terraform show -json`): the policies that will be in place, at their exact places in the plan.
 * Nothing is edited here: a plan is made by a program.
 */
import { hintOfPath, isPolicyDocument } from '../../policy/kind.ts';
import type { Module, PolicyKind, Site, Source } from '../../policy/module.ts';
import { sourceText } from '../../text/text.ts';
import { type JsonProblem, readJson } from '../../value/json.ts';
import { literalOf, PLAIN_JSON, type Spelling, type TextValue, type Value, walkValue } from '../../value/value.ts';
import { syntaxProblem } from '../syntax-problem.ts';
import { isBoundaryName, isForeignArgument, organizationPolicyKind, policyPlaces } from '../terraform/arguments.ts';
import { type Configuration, configured, readConfiguration } from './configuration.ts';
import { plannedDocument } from './documents.ts';
import { isPlan, type PlannedResource, plannedResources, valueAt } from './resources.ts';

/** What the module of a plan says it is read by. */
export const PLAN = 'plan';

/**
 * The policies of a plan; undefined where the text is none. Only arguments that the configuration writes down count: what a
 * provider fills in (the policy of a bucket that has an `aws_s3_bucket_policy`) stands elsewhere already.
 */
export function readPlan(source: Source): Module | undefined {
  const { path, text } = source;
  if (!text.includes('"planned_values"') || !text.includes('"format_version"')) return undefined;
  const { value: root } = readJson(sourceText(path, text), { source: path, start: 0, end: text.length }, PLAIN_JSON);
  if (!isPlan(root)) return undefined;
  const configuration = readConfiguration(root);
  const problems: JsonProblem[] = [];
  const sites = plannedResources(root).flatMap((resource) => sitesOf(resource, configuration, source, problems));
  return {
    host: PLAN,
    sources: [source],
    sites: sites.sort((a, b) => a.span.start - b.span.start),
    things: [],
    problems: problems.map(syntaxProblem),
    directives: [],
    readings: [],
  };
}

function sitesOf(
  resource: PlannedResource,
  configuration: Configuration,
  source: Source,
  problems: JsonProblem[],
): readonly Site[] {
  if (resource.mode === 'data' && resource.type === 'aws_iam_policy_document')
    return [documentSite(resource, configuration, source)];
  const seen = new Set<Value>();
  const dictated = policyPlaces(resource.mode, resource.type).flatMap(([path, kind]) =>
    valuesAt(resource.values, path.split('.')).flatMap((value): readonly Site[] => {
      seen.add(value);
      if (!configuration.writes(configured(resource.address), path.split('.')[0] ?? '')) return [];
      const place = placeOf(resource, kind, configuration, source);
      const document = place && documentIn(value, problems);
      return document ? [siteOf(document, `${resource.address}.${path}`, { ...place, holder: resource.type })] : [];
    }),
  );
  return [...dictated, ...shapedSites(resource, configuration, source, seen, problems)];
}

/** The values at a path; each object of a list is gone into. */
function valuesAt(value: Value | undefined, path: readonly string[]): readonly TextValue[] {
  const [name, ...rest] = path;
  if (value?.kind === 'list') return value.items.flatMap((item) => valuesAt(item.value, path));
  if (name !== undefined) return value?.kind === 'object' ? valuesAt(valueAt(value, name), rest) : [];
  return value?.kind === 'text' ? [value] : [];
}

interface Place {
  readonly kind: PolicyKind | undefined;
  readonly hint: Site['hint'];
  readonly holder?: string;
}

/** What the place of an argument dictates; undefined where it holds no IAM policy. */
function placeOf(
  { address, name, type, values }: PlannedResource,
  kind: PolicyKind,
  { bounding }: Configuration,
  source: Source,
): Place | undefined {
  const hint = hintOfPath(source.path);
  if (type === 'aws_organizations_policy') {
    const own = organizationPolicyKind(literalOf(valueAt(values, 'type')) ?? 'SERVICE_CONTROL_POLICY');
    return own && { kind: own, hint };
  }
  if (type !== 'aws_iam_policy') return { kind, hint };
  const bounds = bounding.has(configured(address)) || isBoundaryName(name) || hint === 'boundary';
  return bounds ? { kind: undefined, hint: 'boundary' } : { kind, hint };
}

const IN_STRING: Spelling = { notation: 'json', layers: ['json-string'] };

/** The object that the string holds. */
function documentIn(value: TextValue, problems: JsonProblem[]): Value | undefined {
  if (!/^\s*\{/.test(value.text.flat)) return undefined;
  const inner = readJson(value.text, value.span, IN_STRING);
  if (inner.value?.kind !== 'object') return undefined;
  problems.push(...inner.problems);
  return inner.value;
}

function siteOf(value: Value, address: string, { kind, hint, holder }: Place): Site {
  return {
    value,
    kind,
    address,
    span: value.span,
    versionImplied: false,
    ...(hint ? { hint } : {}),
    ...(holder === undefined ? {} : { holder }),
  };
}

/** Policies in arguments that no table knows, by their shape. */
function shapedSites(
  resource: PlannedResource,
  configuration: Configuration,
  source: Source,
  seen: ReadonlySet<Value>,
  problems: JsonProblem[],
): readonly Site[] {
  const sites: Site[] = [];
  const hint = hintOfPath(source.path);
  for (const { key, value } of resource.values.entries) {
    const argument = key.flat;
    if (isForeignArgument(resource.type, argument) || !configuration.writes(configured(resource.address), argument))
      continue;
    walkValue(value, (inner) => {
      if (seen.has(inner)) return false;
      const found: JsonProblem[] = [];
      const text = inner.kind === 'text' && inner.text.flat.includes('"Statement"');
      const document = text ? documentIn(inner, found) : inner;
      if (!document || !isPolicyDocument(document)) return true;
      problems.push(...found);
      sites.push(siteOf(document, `${resource.address}.${argument}`, { kind: undefined, hint }));
      return false;
    });
  }
  return sites;
}

function documentSite(resource: PlannedResource, { readers }: Configuration, source: Source): Site {
  const value = plannedDocument(resource, source.path, source.text);
  const found = readers.get(configured(resource.address)) ?? [];
  const [first] = found;
  const kind = found.every((reader) => reader.kind === first?.kind) ? first?.kind : undefined;
  const holder = found.every((reader) => reader.holder === first?.holder) ? first?.holder : undefined;
  const hint = hintOfPath(source.path) ?? (isBoundaryName(resource.name) ? 'boundary' : undefined);
  return {
    ...siteOf(value, resource.address, { kind, hint, ...(holder === undefined ? {} : { holder }) }),
    versionImplied: true,
  };
}
