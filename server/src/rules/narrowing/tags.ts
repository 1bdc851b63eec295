/**
 * Tags: binds actions to what bears a tag, or has to be given one (attribute-based access control), where every one of them
 * carries the key by the service reference. The tag is the one that the policy tests elsewhere, else one to be filled in. Each
 * fix is of safety `narrows`; whoever offers it proves it.
 * Source: IAM User Guide, "Define permissions based on attributes with ABAC authorization".
 */
import { and, andNot, type Bits, bitsWhere, isEmpty } from '../../catalog/bits.ts';
import type { ActionResource, Service } from '../../catalog/service.ts';
import type { Fix } from '../../finding/finding.ts';
import { PLACEHOLDER } from '../../finding/placeholder.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { knownText } from '../../text/text.ts';
import { literalOf } from '../../value/value.ts';
import type { Actions } from '../facts.ts';
import type { RuleContext } from '../rule.ts';
import { demand } from './callers.ts';
import { splitStatement } from './clause-edits.ts';

/**
 * Lets the actions reach only what bears a tag: with the value that the policy tests elsewhere, else with the value of the
 * caller's own tag. `about` are the actions to be bound: where they cannot all be, or make what has no tag yet, there is
 * none; what else the statement allows moves to a statement of its own.
 */
export function demandResourceTag(
  policy: Policy,
  statement: Statement,
  about: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const tag = tagOf(policy);
  return bound(policy, statement, about, context, {
    key: `aws:ResourceTag/${tag.key}`,
    value: askedOf(tag),
    title: `Reach only what has ${said(tag)}`,
    serves: reaching,
  });
}

/** Lets the actions, all of which make something, make only what is given a tag: the value that the policy tests elsewhere, else that of the caller's own tag. */
export function demandRequestTag(
  policy: Policy,
  statement: Statement,
  about: readonly Actions[],
  context: RuleContext,
): readonly Fix[] {
  const tag = tagOf(policy);
  return bound(policy, statement, about, context, {
    key: `aws:RequestTag/${tag.key}`,
    value: askedOf(tag),
    title: `Make only what is given ${said(tag)}`,
    serves: making,
  });
}

/** What is demanded, and of which actions of a service it can be. */
interface Bond {
  readonly key: string;
  readonly value: string;
  readonly title: string;
  readonly serves: (service: Service) => Bits;
}

function bound(
  policy: Policy,
  statement: Statement,
  about: readonly Actions[],
  context: RuleContext,
  { key, value, title, serves }: Bond,
): readonly Fix[] {
  const { action } = statement;
  if (!action || action.negated || action.open || about.length === 0) return [];
  if (!about.every(({ service, bits }) => isEmpty(andNot(bits, serves(service))))) return [];
  const { items } = context.facts(statement);
  const others = action.items.filter((_, index) => {
    const matches = items[index] ?? [];
    return matches.length === 0 || matches.some(({ service, bits }) => !isEmpty(andNot(bits, serves(service))));
  });
  const demanded = (own: Statement) => demand(own, { operator: 'StringEquals', key, value, title });
  if (others.length === 0) return demanded(statement);
  const mine = action.items.filter((item) => !others.includes(item));
  const split =
    mine.length > 0 && coverAll(mine, about, statement, context)
      ? splitStatement(policy, statement, others)
      : undefined;
  if (!split) return [];
  return demanded(statement).map((fix) => ({
    ...fix,
    title: `${fix.title}, and give ${counted(others)} a statement of ${others.length === 1 ? 'its' : 'their'} own`,
    edits: [...split.here, ...fix.edits, split.copy([])],
  }));
}

/** Whether the items take in all of the actions: else some of them stay where no tag is asked for. */
function coverAll(
  mine: readonly ClauseItem[],
  about: readonly Actions[],
  { action }: Statement,
  { catalog }: RuleContext,
): boolean {
  const others = (action?.items ?? []).filter((item) => !mine.includes(item));
  return others.every((item) =>
    catalog
      .match(knownText(item.text) ?? '')
      .every(({ service, bits }) => about.every((one) => one.service !== service || isEmpty(and(one.bits, bits)))),
  );
}

/** The actions that reach what is there and can be bound by its tags: each type that they need carries them. */
const reaching = remembered((service, index) => {
  if (CREATES.test(service.names[index] ?? '') || SWITCHED_ON.has(service.prefix)) return false;
  const types = new Map(service.resourceTypes.map((type) => [type.key, type.conditionKeys]));
  const carries = ({ type, conditionKeys }: ActionResource) =>
    conditionKeys.some(isResourceTag) || (!conditionKeys.some(isTag) && (types.get(type) ?? []).some(isResourceTag));
  const all = service.resourcesOf(index);
  const needed = all.some(({ required }) => required) ? all.filter(({ required }) => required) : all;
  return needed.length > 0 && needed.every(carries);
});

/** The actions that make something and are asked for with its tags: for all that the request names, since the condition is tested on each. */
const making = remembered((service, index) => {
  if (!CREATES.test(service.names[index] ?? '')) return false;
  const types = service.resourcesOf(index);
  const byAction = service.at(index)?.conditionKeys.some(isRequestTag) === true;
  return byAction || (types.length > 0 && types.every(({ conditionKeys }) => conditionKeys.some(isRequestTag)));
});

/** What makes something: that has no tags before. */
const CREATES = /^(BatchCreate|Allocate|Copy|Create|Import|Launch|Register|Request|Run(Instances|Task)|Restore)/;

/** S3 heeds the tags of buckets only where each has been told to. Source: S3 User Guide, "Using tags with S3 general purpose buckets". */
const SWITCHED_ON: ReadonlySet<string> = new Set(['s3']);

function isResourceTag(key: string): boolean {
  return /^aws:ResourceTag\//i.test(key);
}

function isRequestTag(key: string): boolean {
  return /^aws:RequestTag\//i.test(key);
}

function isTag(key: string): boolean {
  return isResourceTag(key) || isRequestTag(key);
}

/** The actions of a service of which the question is answered with yes; asked once. Reads the service's slice. */
function remembered(is: (service: Service, index: number) => boolean): (service: Service) => Bits {
  const known = new WeakMap<Service, Bits>();
  return (service) => {
    const bits = known.get(service) ?? bitsWhere(service.names.length, (index) => is(service, index));
    known.set(service, bits);
    return bits;
  };
}

/** A tag, with its value where one is known. */
interface Tag {
  readonly key: string;
  readonly value: string | undefined;
}

/** The only tag that the conditions of the policy name, with its value where all agree on one; else one to be filled in. */
function tagOf({ statements }: Policy): Tag {
  const tests = statements
    .flatMap(({ conditions }) => conditions)
    .flatMap((condition) => {
      const name = TESTED.exec(knownText(condition.key) ?? '')?.[1];
      return name === undefined ? [] : [{ name, values: condition.values.map(({ value }) => literalOf(value)) }];
    });
  const names = new Set(tests.map(({ name }) => name));
  const [key] = names;
  if (key === undefined || names.size > 1) return { key: `${PLACEHOLDER}TAG_KEY`, value: undefined };
  const values = new Set(tests.flatMap((one) => one.values));
  const [value] = values;
  const plain = values.size === 1 && value !== undefined && !/[*?]|\$\{/.test(value);
  return { key, value: plain ? value : undefined };
}

const TESTED = /^(?:aws:(?:Resource|Request|Principal)Tag|ec2:ResourceTag)\/([\w.:+=@/-]+)$/i;

function askedOf({ key, value }: Tag): string {
  return value ?? `\${aws:PrincipalTag/${key}}`;
}

function said({ key, value }: Tag): string {
  if (key.startsWith(PLACEHOLDER)) return 'the same tag as the caller';
  return value === undefined ? `the same tag \`${key}\` as the caller` : `the tag \`${key}\` with \`${value}\``;
}

function counted(items: readonly ClauseItem[]): string {
  return items.length === 1 ? 'the other action' : `the ${items.length} other actions`;
}
