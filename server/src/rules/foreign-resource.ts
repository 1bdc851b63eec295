/** foreign-resource: a policy that hangs on one resource names an action or an ARN of another kind of resource. */
import { type PolicyHolder, policyHolder } from '../catalog/policy-holders.ts';
import type { Service } from '../catalog/service.ts';
import { type ArnField, arnFields } from '../policy/arn-fields.ts';
import { globsOverlap } from '../policy/pattern.ts';
import type { Clause, ClauseItem, Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText, sliceText, type Text } from '../text/text.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Access Analyzer policy check reference, "Error – Unsupported action in policy" and "Error – Unsupported resource ARN in policy". */
export const foreignResource: StatementRule = {
  id: 'foreign-resource',
  on: 'statement',
  summary: 'A policy of one resource names an action or an ARN of another',
  level: 'error',
  kinds: ['resource', 'trust'],
  subject: 'document',
  accessAnalyzer: ['UNSUPPORTED_ACTION_IN_POLICY', 'UNSUPPORTED_RESOURCE_ARN_IN_POLICY'],
  check: checkStatement,
};

function* checkStatement(statement: Statement, policy: Policy, context: RuleContext): Iterable<Draft> {
  if (policy.kind === 'trust') {
    yield* together([...trustActions(statement)], context);
    return;
  }
  const { holder } = policy.site;
  if (holder === undefined) {
    yield* apart(statement, context);
    yield* everythingOfS3(statement, policy);
    return;
  }
  const known = policyHolder(holder);
  if (known) yield* together([...foreignTo(known, statement, context)], context);
}

/** One finding for a statement, the other places related; Access Analyzer gives one for each. */
function* together(drafts: readonly Draft[], { config }: RuleContext): Iterable<Draft> {
  const [first, ...others] = drafts;
  if (config.preset === 'access-analyzer' || !first) yield* drafts;
  else yield { ...first, related: others.map(({ span, message }) => ({ span, message })) };
}

/** IAM stores no trust policy with other actions than those for assuming a role. */
function* trustActions({ action }: Statement): Iterable<Draft> {
  for (const item of action?.negated ? [] : (action?.items ?? [])) {
    const name = knownText(item.text)?.toLowerCase();
    if (!name?.includes(':') || ASSUMING.some((assuming) => globsOverlap(name, assuming))) continue;
    yield actionDraft(
      item,
      `\`${shown(displayText(item.text))}\` is no action of a role's trust policy, which is about \`sts:AssumeRole\``,
    );
  }
}

const ASSUMING: readonly string[] = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
];

/** What the policy of a known holder cannot be about. */
function* foreignTo(holder: PolicyHolder, { action, resource }: Statement, { catalog }: RuleContext): Iterable<Draft> {
  const level = holder.refuses ? {} : ({ level: 'warning' } as const);
  for (const item of action?.negated ? [] : (action?.items ?? [])) {
    const prefix = prefixOf(item);
    if (prefix === undefined || holder.services.has(prefix) || !catalog.service(prefix)) continue;
    const draft = actionDraft(
      item,
      `\`${shown(displayText(item.text))}\` is no action on ${holder.name}, which this policy hangs on`,
    );
    yield coded({ ...draft, ...level }, holder);
  }
  for (const item of resource?.negated ? [] : (resource?.items ?? [])) {
    if (!isForeign(item, holder)) continue;
    const draft = arnDraft(
      item,
      `\`${shown(displayText(item.text))}\` names nothing of ${holder.name}, which this policy hangs on`,
    );
    yield coded({ ...draft, ...level }, holder);
  }
}

/** Access Analyzer looks at the types only that it knows. */
function coded(draft: Draft, { analyzer }: PolicyHolder): Draft {
  if (analyzer) return draft;
  const { accessAnalyzer: _code, accessAnalyzerType: _type, ...rest } = draft;
  return rest;
}

/** Whether the item names another service's resources; S3 moreover wants each policy to name the bucket or access point that it hangs on. */
function isForeign({ text }: ClauseItem, { services, form }: PolicyHolder): boolean {
  if (form && text.flat === '*') return true;
  const service = arnService(text);
  if (!service?.literal) return false;
  if (!services.has(service.literal.toLowerCase())) return true;
  return form !== undefined && OTHER_FORM[form].test(text.flat.slice(service.from));
}

/** The ARNs of S3 that a policy of the other form cannot name, from the service on. */
const OTHER_FORM = { bucket: /^s3:[^:\uFFFC]*:[^:\uFFFC]+:accesspoint\//, accesspoint: /^s3:::/ } as const;

/**
 * Where it is not known what the policy hangs on: actions of which none of the statement's resources can be one. Only one
 * of both can be right; Access Analyzer knows S3's, so what is of S3 counts as right.
 */
function* apart({ action, resource }: Statement, { catalog }: RuleContext): Iterable<Draft> {
  const actions = namesIn(action, prefixOf);
  const arns = namesIn(resource, ({ text }) => arnService(text)?.literal?.toLowerCase());
  if (!actions || !arns) return;
  const services = actions.names.flatMap((prefix) => catalog.service(prefix) ?? []);
  if (services.length < actions.names.length || services.some((service) => mayBeOf(service, arns.names))) return;
  const arn = shown(displayText(arns.first.text));
  const message = `no action of this statement acts on \`${arn}\`, so one of both belongs to another policy`;
  if (actions.names.includes('s3')) yield arnDraft(arns.first, message);
  else if (arns.names.includes('s3')) yield actionDraft(actions.first, message);
  else yield { message, span: actions.first.span, level: 'warning' };
}

/** What the items of a clause name. */
interface Named {
  readonly first: ClauseItem;
  readonly names: readonly string[];
}

/** Undefined where an item names nothing for certain, where there may be more items, or none. */
function namesIn(clause: Clause | undefined, nameOf: (item: ClauseItem) => string | undefined): Named | undefined {
  if (!clause || clause.negated || clause.open) return undefined;
  const [first] = clause.items;
  const names = clause.items.flatMap((item) => nameOf(item) ?? []);
  return first && names.length === clause.items.length ? { first, names } : undefined;
}

/** Whether resources of the service may have one of the names in their ARNs. */
function mayBeOf(service: Service, names: readonly string[]): boolean {
  const own = service.resourceTypes.flatMap(({ arns }) => arns.map((arn) => arn.split(':', 3)[2] ?? ''));
  return [service.prefix, ...own].some((name) => names.includes(name) || /[*$]/.test(name));
}

/** A policy of a place that is known to hold a resource's, all of it about S3: S3 stores none that names every resource. */
function* everythingOfS3({ resource }: Statement, policy: Policy): Iterable<Draft> {
  if (policy.site.kind !== 'resource' || policy.open || resource?.negated) return;
  const stars = (resource?.items ?? []).filter(({ text }) => text.flat === '*');
  for (const item of policy.statements.every(isAboutS3) ? stars : [])
    yield arnDraft(item, '`*` names nothing of the bucket or access point that this policy hangs on');
}

function isAboutS3({ action }: Statement): boolean {
  return namesIn(action, prefixOf)?.names.every((prefix) => prefix === 's3') === true;
}

/** What stands before the colon of an action, in lower case, where it is known; empty where there is no colon. */
function prefixOf({ text }: ClauseItem): string | undefined {
  return knownText(sliceText(text, 0, text.flat.indexOf(':')))?.toLowerCase();
}

/** The service field of what is an ARN for certain. */
function arnService(text: Text): ArnField | undefined {
  const [arn, , service] = arnFields(text).head;
  return arn?.literal === 'arn' ? service : undefined;
}

function actionDraft({ span }: ClauseItem, message: string): Draft {
  return { message, span, accessAnalyzer: 'UNSUPPORTED_ACTION_IN_POLICY', accessAnalyzerType: 'ERROR' };
}

function arnDraft({ span }: ClauseItem, message: string): Draft {
  return { message, span, accessAnalyzer: 'UNSUPPORTED_RESOURCE_ARN_IN_POLICY', accessAnalyzerType: 'ERROR' };
}
