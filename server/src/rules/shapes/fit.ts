/**
 * Fit: the least change of shape that brings a policy under its quota: what is redundant goes, statements that differ in one
 * clause become one, and, where that is not enough, names of actions become wildcards. Speaks of policies of which all is known.
 */
import type { Edit, Plain } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import type { Clause, ClauseItem, Policy, PrincipalClause, Statement } from '../../policy/policy.ts';
import { measured } from '../length.ts';
import { replaceInClause } from '../narrowing/clause-edits.ts';
import { isMeant } from '../redundant-statement.ts';
import { redundantItems } from '../redundant-value.ts';
import type { RuleContext } from '../rule.ts';
import { clauseOf, DIFFERENCES, nameOf, nameWithout, plainOf } from './merge.ts';
import { isSettled, memberOf } from './settled.ts';
import { shrinkItems } from './wildcards.ts';

/** What is done, the gentlest first. */
type Step = 'remove' | 'merge' | 'shrink';
const WAYS: readonly (readonly Step[])[] = [
  ['remove'],
  ['remove', 'merge'],
  ['remove', 'shrink'],
  ['remove', 'merge', 'shrink'],
];

/** How long a policy is and may be, whether white space counts, and how numbers are written down. */
export interface Size {
  readonly length: number;
  readonly limit: number;
  readonly blanks: 'counted' | 'left out';
  readonly said: (count: number) => string;
}

/** The first way that takes away as many characters; none where none does. */
export function fitQuota(policy: Policy, { length, limit, blanks, said }: Size, context: RuleContext): readonly Fix[] {
  for (const way of WAYS) {
    const plan = planOf(policy, way, context);
    const saved = savedBy(plan, blanks);
    const edits = length - saved > limit ? undefined : editsOf(policy, plan);
    if (!edits) continue;
    const words = wordsOf(plan);
    const title = `Fit the quota: ${words.join(', ')} (${said(length)} characters become ${said(length - saved)})`;
    return [{ title, safety: plan.shrunk > 0 ? 'changes' : 'same', edits }];
  }
  return [];
}

/** A statement with what becomes of its clauses. */
interface Sheet {
  readonly statement: Statement;
  gone: boolean;
  readonly clauses: Map<Clause | PrincipalClause, Contents>;
}

/** Items that stay or come from elsewhere, and patterns in the place of others. */
interface Contents {
  items: readonly ClauseItem[];
  plain: readonly string[];
}

interface Plan {
  readonly sheets: readonly Sheet[];
  statements: number;
  values: number;
  merged: number;
  shrunk: number;
  patterns: number;
}

function planOf(policy: Policy, way: readonly Step[], context: RuleContext): Plan {
  const sheets = policy.statements.map((statement): Sheet => ({ statement, gone: false, clauses: new Map() }));
  const plan: Plan = { sheets, statements: 0, values: 0, merged: 0, shrunk: 0, patterns: 0 };
  removeRedundant(policy, plan, context);
  if (way.includes('merge')) for (const difference of DIFFERENCES) mergeBy(difference, policy, plan);
  if (way.includes('shrink')) for (const sheet of sheets) shrink(sheet, plan, context);
  return plan;
}

function removeRedundant(policy: Policy, plan: Plan, context: RuleContext): void {
  for (const { index, why, by } of context.needless(policy)) {
    const sheet = plan.sheets[index];
    const others = by.flatMap((one) => policy.statements[one] ?? []);
    if (!sheet || why !== 'redundant' || !memberOf(policy, sheet.statement)) continue;
    if (isMeant(sheet.statement, others, context)) continue;
    sheet.gone = true;
    plan.statements++;
  }
  for (const { statement, gone, clauses } of plan.sheets) {
    for (const clause of gone ? [] : [statement.action, statement.resource]) {
      if (!clause?.items[0]?.list || !isSettled(clause)) continue;
      const needless = new Set([...redundantItems(clause)].map(({ item }) => item));
      if (needless.size === 0) continue;
      clauses.set(clause, { items: clause.items.filter((item) => !needless.has(item)), plain: [] });
      plan.values += needless.size;
    }
  }
}

/** Statements that say the same but for one clause are one with the items of all. */
function mergeBy(difference: (typeof DIFFERENCES)[number], policy: Policy, plan: Plan): void {
  const first = new Map<string, Sheet>();
  const joined = new Set<Sheet>();
  for (const sheet of plan.sheets) {
    const { statement } = sheet;
    const clause = clauseOf(statement, difference);
    const name = sheet.gone || !clause || !memberOf(policy, statement) ? undefined : nameWithout(statement, difference);
    if (name === undefined || !clause || isMergedOtherwise(sheet, clause)) continue;
    const base = first.get(name);
    const own = base && clauseOf(base.statement, difference);
    if (!base || !own) {
      first.set(name, sheet);
      continue;
    }
    const [before, added] = [contentsOf(base, own).items, contentsOf(sheet, clause).items];
    const seen = new Set(before.map((item) => nameOf(item, difference)));
    const items = [...before, ...added.filter((item) => !seen.has(nameOf(item, difference)))];
    base.clauses.set(own, { items, plain: [] });
    sheet.gone = true;
    joined.add(base).add(sheet);
  }
  plan.merged += joined.size;
}

/** Whether another clause of it took in items of others: then it no longer says what its text says. */
function isMergedOtherwise({ clauses }: Sheet, clause: Clause | PrincipalClause): boolean {
  return [...clauses].some(([other, { items }]) => other !== clause && items.some((item) => !isOf(other, item)));
}

function isOf(clause: Clause | PrincipalClause, item: ClauseItem): boolean {
  return clause.items.some((own) => own.value === item.value);
}

function contentsOf({ clauses }: Sheet, clause: Clause | PrincipalClause): Contents {
  return clauses.get(clause) ?? { items: clause.items, plain: [] };
}

function shrink(sheet: Sheet, plan: Plan, { catalog }: RuleContext): void {
  const { action } = sheet.statement;
  if (sheet.gone || !action || !isSettled(action)) return;
  const before = contentsOf(sheet, action).items;
  const { items, plain } = shrinkItems(before, catalog);
  if (items.length === 0) return;
  sheet.clauses.set(action, { items: before.filter((item) => !items.includes(item)), plain });
  plan.shrunk += items.length;
  plan.patterns += plain.length;
}

/** Characters that go for certain, commas and quotes included. Only what is written out is counted. */
function savedBy({ sheets }: Plan, blanks: 'counted' | 'left out'): number {
  return sheets.reduce((sum, { statement, gone, clauses }) => {
    if (gone) return sum + measured(statement.value, blanks) + 1;
    const changes = [...clauses].map(([clause, { items, plain }]) => {
      const brackets = clause.items[0]?.list ? 0 : 2;
      const after = items.reduce((all, item) => all + item.text.flat.length + 3, 0) + plain.join('   ').length + 3;
      const before = clause.items.reduce((all, item) => all + item.text.flat.length + 3, 0);
      return before - (plain.length === 0 ? after - 3 : after) - brackets;
    });
    return changes.reduce((all, one) => all + one, sum);
  }, 0);
}

function editsOf(policy: Policy, { sheets }: Plan): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { gone, clauses } of sheets) {
    for (const [clause, contents] of gone ? [] : clauses) {
      const changed = clauseEdits(clause, contents);
      if (!changed) return undefined;
      edits.push(...changed);
    }
  }
  const places = sheets.flatMap(({ gone, statement }) => (gone ? (memberOf(policy, statement) ?? []) : []));
  const [first] = places;
  if (first) edits.push({ kind: 'replace-items', into: first.list, items: places.map(({ item }) => item), plain: [] });
  return edits.length > 0 ? edits : undefined;
}

function clauseEdits(clause: Clause | PrincipalClause, { items, plain }: Contents): readonly Edit[] | undefined {
  const away = clause.items.filter((own) => !items.some((item) => item.value === own.value));
  const added: readonly Plain[] = [...plain, ...items.filter((item) => !isOf(clause, item)).map(plainOf)];
  const last = clause.items.at(-1);
  if (away.length > 0 || !last) return replace(clause, away, added);
  return replace(clause, [last], [plainOf(last), ...added]);
}

function replace(clause: Clause | PrincipalClause, items: readonly ClauseItem[], plain: readonly Plain[]) {
  return 'key' in clause
    ? replaceInClause(clause, items, plain)
    : replaceInClause({ ...clause, key: 'Resource' }, items, plain);
}

function wordsOf({ statements, values, merged, shrunk, patterns }: Plan): readonly string[] {
  const removed = [
    ...(statements > 0 ? [`${statements} redundant ${statements === 1 ? 'statement' : 'statements'}`] : []),
    ...(values > 0 ? [`${values} redundant ${values === 1 ? 'value' : 'values'}`] : []),
  ];
  return [
    ...(removed.length > 0 ? [`remove ${removed.join(' and ')}`] : []),
    ...(merged > 0 ? [`merge ${merged} statements that differ in one clause`] : []),
    ...(shrunk > 0
      ? [`shrink ${shrunk} actions to ${patterns}, the same today, which take in those of tomorrow too`]
      : []),
  ];
}
