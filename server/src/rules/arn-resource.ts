/**
 * ARN resources: what is wrong with an ARN by what the catalog tells of its service's resource types: a Region or an
 * account too many or missing, or a resource that fits none. Where a type may have it either way, nothing is said.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { editDistance } from '../catalog/distance.ts';
import type { Fix } from '../finding/finding.ts';
import type { ArnField, ArnFields } from '../policy/arn-fields.ts';
import type { ClauseItem } from '../policy/policy.ts';
import { respell } from './action-name.ts';
import { type ArnTypes, arnTypes, type Filled, openingOf } from './arn-types.ts';
import { fieldSpan } from './arn-words.ts';
import { shown } from './condition-words.ts';
import type { Draft, RuleContext } from './rule.ts';

/** The faults of an ARN beside those that its fields have by themselves; nothing is said of the `faulty` ones. */
export function resourceFaults(
  item: ClauseItem,
  { head, resource }: ArnFields,
  faulty: ReadonlySet<ArnField>,
  context: RuleContext,
): readonly Draft[] {
  const [, , service, region, account] = head;
  const name = service?.literal;
  if (!name || !region || /[^a-z0-9-]/.test(name)) return [];
  const whole = arnTypes(name, undefined, context.catalog);
  if (whole.types.length === 0 || !isSuspicious(whole, region, account, resource)) return [];
  const found = arnTypes(name, resource?.known, context.catalog);
  const right = (field: ArnField | undefined) => (field && !faulty.has(field) ? field : undefined);
  const drafts = [
    ...placeDrafts(item, { place: 'region', field: right(region), other: account, found }, resource?.known, context),
    ...placeDrafts(item, { place: 'account', field: right(account), other: region, found }, resource?.known, context),
  ];
  if (drafts.length > 0 || faulty.size > 0 || !account || !resource || found.fits) return drafts;
  return misfit(item, name, [region, account, resource], context);
}

/** Whether the letters alone leave room for a fault, so that the types have to be looked at one by one. */
function isSuspicious(
  whole: ArnTypes,
  region: ArnField,
  account: ArnField | undefined,
  resource: ArnField | undefined,
): boolean {
  if (mayBeWrong(region, whole.region) || (account && mayBeWrong(account, whole.account))) return true;
  if (resource?.known === undefined) return false;
  return isPlain(region, account) || !whole.openings.has(openingOf(resource.known));
}

function mayBeWrong({ literal }: ArnField, filled: Filled): boolean {
  return literal !== undefined && filled !== (literal === '' ? 'never' : 'always');
}

function isPlain(region: ArnField, account: ArnField | undefined): boolean {
  return region.literal !== undefined && account?.literal !== undefined;
}

/** The Region or the account, the other one of both, and what the ARN can be. */
interface Place {
  readonly place: 'region' | 'account';
  readonly field: ArnField | undefined;
  readonly other: ArnField | undefined;
  readonly found: ArnTypes;
}

function placeDrafts(
  item: ClauseItem,
  { place, field, other, found }: Place,
  resource: string | undefined,
  context: RuleContext,
): readonly Draft[] {
  if (field?.literal === undefined || isAlias(field.literal)) return [];
  const noun = place === 'region' ? 'Region' : 'account';
  if (field.literal !== '') {
    if (found[place] !== 'never') return [];
    const bare = other?.literal && !isAlias(other.literal) && found.region === 'never' && found.account === 'never';
    const alone = `Remove the ${noun} \`${shown(field.literal)}\``;
    return [
      {
        message: `${nameOf(found)} has no ${noun}, so \`${shown(field.literal)}\` matches nothing`,
        span: fieldSpan(item, field, context),
        accessAnalyzer: `ARN_${place.toUpperCase()}_NOT_ALLOWED`,
        accessAnalyzerType: 'ERROR',
        fixes: () => [bare ? dropBoth(item, field, other) : rewriting(item, field, '', alone)],
      },
    ];
  }
  if (found[place] !== 'always' || (place === 'region' && isEverywhere(found))) return [];
  if (place === 'account' && (resource === undefined || mayBeAmazons(resource))) return [];
  return [
    {
      message: `${nameOf(found)} has ${place === 'region' ? 'a Region' : 'an account'}, and here the field is empty`,
      span: item.span,
      accessAnalyzer: `MISSING_ARN_${place.toUpperCase()}`,
      accessAnalyzerType: 'ERROR',
      fixes: () => [rewriting(item, field, '*', `Write \`*\`, any ${noun}`)],
    },
  ];
}

/** Foundation models of Bedrock without a Region are what a request names that any Region may answer. Source: Amazon Bedrock User Guide, "Global cross-Region inference". */
function isEverywhere({ types }: ArnTypes): boolean {
  return types.some(({ service, key }) => service === 'bedrock' && key === 'foundation-model');
}

function nameOf({ types: [first, ...others] }: ArnTypes): string {
  return `in \`${first?.service}\` ${others.length === 0 ? `the ARN of \`${first?.key}\`` : 'such an ARN'}`;
}

/** The name by which AWS goes itself where others have an account id. */
function isAlias(account: string): boolean {
  return /^(aws|amazon)/.test(account);
}

/** A resource of AWS's own, as names that open with `AWS` or `Amazon` tell, belongs to no account. */
function mayBeAmazons(resource: string): boolean {
  return resource.split(/[:/]/).some((part) => /^(aws|amazon|a?[*?$]|a[wm][*?$])/i.test(part));
}

function rewriting({ value }: ClauseItem, { from, to }: ArnField, text: string, title: string): Fix {
  return { title, safety: 'changes', preferred: true, edits: [{ kind: 'rewrite', value, from, to, text }] };
}

function dropBoth(item: ClauseItem, one: ArnField, two: ArnField): Fix {
  const both = { ...one, from: Math.min(one.from, two.from), to: Math.max(one.to, two.to) };
  return rewriting(item, both, ':', 'Remove the Region and the account');
}

/**
 * A resource that fits no type. Access Analyzer is silent where a wildcard stands in the Region or the account, which
 * may reach into the resource; a slip of some letters is one all the same.
 */
function misfit(
  item: ClauseItem,
  service: string,
  [region, account, resource]: readonly [ArnField, ArnField, ArnField],
  context: RuleContext,
): readonly Draft[] {
  const text = resource.known;
  if (text === undefined) return [];
  const plain = isPlain(region, account);
  const meant = text === '' ? undefined : similarResource(service, text, context.catalog);
  if (!plain && (meant === undefined || context.config.preset === 'access-analyzer')) return [];
  const said = `\`${shown(text)}\` has the form of no resource of \`${service}\` known as of ${context.catalog.date}`;
  return [
    {
      message: text === '' ? 'the ARN names no resource' : said,
      span: fieldSpan(item, resource, context),
      level: text === '' || meant !== undefined ? 'warning' : 'info',
      ...(plain ? { accessAnalyzer: 'INVALID_ARN_RESOURCE', accessAnalyzerType: 'ERROR' } : {}),
      fixes: () => (meant === undefined ? [] : [respell(item, resource.from, resource.to, meant, meant, true)]),
    },
  ];
}

/** The resource with its first word as a template of the service has it, where that is near and then fits. */
function similarResource(service: string, resource: string, catalog: Catalog): string | undefined {
  const [, word = '', separator = ''] = /^([A-Za-z-]*)([:/])/.exec(resource) ?? [];
  if (word.length < 3) return undefined;
  const rest = resource.slice(word.length + separator.length);
  const near = arnTypes(service, undefined, catalog).types.flatMap(({ arns }) =>
    arns.flatMap((arn) => {
      const [, opening = '', mark = ''] = /^(?:[^:]*:){5}([A-Za-z-]+)([:/])/.exec(arn) ?? [];
      const limit = word.length < 6 ? 1 : 2;
      const distance = opening === '' ? 9 : editDistance(word.toLowerCase(), opening.toLowerCase(), limit);
      return distance <= limit ? [{ text: `${opening}${mark}${rest}`, distance }] : [];
    }),
  );
  const fitting = near
    .filter(({ text }) => arnTypes(service, text, catalog).fits)
    .sort((a, b) => a.distance - b.distance);
  return fitting[0]?.text;
}
