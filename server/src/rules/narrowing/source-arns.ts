/**
 * Source ARNs: the resource on whose behalf a service acts, demanded by `aws:SourceArn`: the one that the module has, else one
 * to be filled in. Each fix is of safety `narrows`; whoever offers it proves it.
 * Source: IAM User Guide, "The confused deputy problem"; the services' own guides, "Cross-service confused deputy prevention".
 */
import type { Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import { keyName } from '../../policy/condition.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import type { RuleContext } from '../rule.ts';
import { arnFor, type Narrowed, whereaboutsOf } from './arns.ts';
import { addConditions } from './conditions.ts';
import { referencesFor } from './references.ts';

/** None where others than one service are allowed, where the type of its resources is not in the table, or the key is tested already. */
export function demandSourceArn(statement: Statement, policy: Policy, context: RuleContext): readonly Fix[] {
  const { principal, effect, conditions, conditionsOpen } = statement;
  const [service, ...others] = principal?.open ? [] : (principal?.items ?? []);
  if (service?.type !== 'Service' || others.length > 0 || effect.answer !== 'Allow') return [];
  if (conditionsOpen || conditions.some((one) => (keyName(one) ?? KEY) === KEY)) return [];
  const source = sourceOf(knownText(service.text) ?? '', policy, context);
  if (!source) return [];
  const { thing, glob } = source;
  const plain: Plain = thing === undefined ? glob : { thing, suffix: glob };
  const edits = addConditions(statement, glob.includes('*') ? 'ArnLike' : 'ArnEquals', [['aws:SourceArn', plain]]);
  const open = glob.includes(PLACEHOLDER) ? ', to be filled in' : '';
  return edits ? [{ title: `Demand \`aws:SourceArn\`, \`${thing ?? glob}\`${open}`, safety: 'narrows', edits }] : [];
}

const KEY = 'aws:sourcearn';

/** By the name of the service, the type of the resources for which it acts. */
const SOURCES: ReadonlyMap<string, readonly [service: string, type: string]> = new Map([
  ['cloudfront', ['cloudfront', 'distribution']],
  ['cloudtrail', ['cloudtrail', 'trail']],
  ['cloudwatch', ['cloudwatch', 'alarm']],
  ['codebuild', ['codebuild', 'project']],
  ['codepipeline', ['codepipeline', 'pipeline']],
  ['events', ['events', 'rule-on-default-event-bus']],
  ['s3', ['s3', 'bucket']],
  ['sns', ['sns', 'topic']],
  ['states', ['states', 'statemachine']],
]);

/** A trail is made after the policy of its bucket, which cannot refer to it then. */
const MADE_LATER: ReadonlySet<string> = new Set(['cloudtrail']);

function sourceOf(principal: string, policy: Policy, context: RuleContext): Narrowed | undefined {
  const name = principal.replace(/\.amazonaws\.com$/, '');
  const [prefix = '', key] = SOURCES.get(name) ?? [];
  const type = context.catalog.service(prefix)?.resourceTypes.find((one) => one.key === key);
  const [template] = type?.arns ?? [];
  if (!type || template === undefined) return undefined;
  // What assumes a role mostly refers to the role itself, and each cannot wait for the other.
  const mayRefer = policy.kind === 'resource' && !MADE_LATER.has(name);
  const [only, ...more] = mayRefer ? (referencesFor(type, context) ?? []) : [];
  if (only && more.length === 0 && only.glob === '') return only;
  return { thing: undefined, glob: arnFor(template, whereaboutsOf(policy, context.config)) };
}
