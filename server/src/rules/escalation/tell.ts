/** Tell: an escalation in words: one clause, the places of its steps, and a request for each. Decides nothing. */
import type { Related } from '../../finding/finding.ts';
import type { Policy, Statement } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import { itemNaming } from './candidates.ts';
import { type Escalation, MOST_WAYS, type Step } from './find.ts';

/** Whether it leads to rights over whatever there is, and by the holder's own code or words. */
export function isGrave({ path, reach }: Escalation): boolean {
  return reach === 'anywhere' && path.doubt === undefined;
}

/** "`iam:PassRole` and `lambda:CreateFunction` let their holder …" */
export function told({ path, reach }: Escalation): string {
  const names = path.steps.map((step) => `\`${step}\``);
  const last = names[names.length - 1] ?? '';
  const subject = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last} let their` : `${last} lets its`;
  const story = reach === 'named' ? path.story.named : path.story.any;
  const limit = path.doubt ? ` (${path.doubt})` : reach === 'conditional' ? ' where the conditions hold' : '';
  return `${subject} holder ${story}${limit}`;
}

/** ", one of 3 ways to more rights", where there are others. */
export function amongOthers({ length }: readonly Escalation[]): string {
  if (length === 0) return '';
  return `, one of ${length + 1}${length + 1 < MOST_WAYS ? '' : ' or more'} ways to more rights`;
}

/** Where each step stands, with a request that takes it; nothing where the one step stands at the finding itself. */
export function stepsAt({ steps }: Escalation, policy: Policy): readonly Related[] {
  return steps.flatMap((step, i) => {
    const statement = policy.statements[step.index];
    const item = statement && itemNaming(statement, step.action);
    const number = steps.length > 1 ? `step ${i + 1}: ` : '';
    return item ? [{ span: item.span, message: `${number}${requested(step)} is allowed` }] : [];
  });
}

function requested({ action, request }: Step): string {
  const service = request.context['iam:passedtoservice'];
  const to = typeof service === 'string' ? ` for \`${service}\`` : '';
  return `\`${action}\` on \`${request.resource}\`${to}`;
}

/** Ways that are told beside the first. */
const MOST_TOLD = 3;

/** Other ways that the same statement decides. */
export function othersAt(others: readonly Escalation[], statement: Statement): readonly Related[] {
  return others.slice(0, MOST_TOLD).flatMap((one) => {
    const item = itemNaming(statement, one.path.decisive[0] ?? '');
    return item ? [{ span: item.span, message: `also: ${told(one)}` }] : [];
  });
}

/** Whether the statement gives its steps by wildcards that stand for whole services: another rule tells of those. */
export function isByWholeServices({ steps }: Escalation, statement: Statement, { items }: Facts): boolean {
  return steps.every(({ action, index }) => {
    const item = index === statement.index ? itemNaming(statement, action) : undefined;
    const [match] = item ? (items[statement.action?.items.indexOf(item) ?? -1] ?? []) : [];
    return match !== undefined && match.count > 1 && match.count === match.service.names.length;
  });
}
