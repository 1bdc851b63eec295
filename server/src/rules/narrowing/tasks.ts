/**
 * Narrows wildcards of one service to a task: to what pulling an image or invoking an endpoint takes, where the statement
 * allows all of that. Each fix is of safety `narrows`; whoever offers it proves it.
 */
import { bitsWhere, hasBit } from '../../catalog/bits.ts';
import type { Service } from '../../catalog/service.ts';
import { type Task, tasksOf } from '../../catalog/tasks.ts';
import type { Edit } from '../../finding/edit.ts';
import type { Fix } from '../../finding/finding.ts';
import { isPattern } from '../../policy/pattern.ts';
import type { ClauseItem, Policy, Statement } from '../../policy/policy.ts';
import { displayText, knownText } from '../../text/text.ts';
import { type Actions, countActions } from '../facts.ts';
import { reachOf } from '../reach.ts';
import type { RuleContext } from '../rule.ts';
import { definiteArns } from './arns.ts';
import { copyOfStatement, replaceInClause } from './clause-edits.ts';
import { removalOf } from './names.ts';
import { inWords, narrowedEdits, patternsOfTypes } from './resources.ts';

/** Tasks that one finding offers. */
const MOST_TASKS = 3;

/** Fixes for tasks by which the statement, its place or its file is named, and for others that fit as well. */
export interface TaskFixes {
  readonly meant: readonly Fix[];
  readonly others: readonly Fix[];
}

const NO_TASKS: TaskFixes = { meant: [], others: [] };

/** Puts the actions of a task in the place of the service's wildcards, one of which is `item`. */
export function narrowToTasks(policy: Policy, statement: Statement, item: ClauseItem, context: RuleContext): TaskFixes {
  const { action } = statement;
  const wild = wildcardsLike(item, statement, context);
  if (!action || !wild) return NO_TASKS;
  return offered(policy, statement, wild, context, ({ task, scoped, unscoped }) => {
    const edits = replaceInClause(action, wild.items, notNamed([...scoped, ...unscoped], statement));
    return edits ? [{ title: `${titleOf(wild, task)} (${removed(wild, [...scoped, ...unscoped])})`, edits }] : [];
  });
}

/** Puts a task and the resources that it acts on in the place of a service's wildcards and the wide items of the Resource clause. */
export function narrowToTasksOn(
  policy: Policy,
  statement: Statement,
  wide: readonly ClauseItem[],
  context: RuleContext,
): TaskFixes {
  const first = statement.action?.items.find(({ text }) => isPattern(knownText(text) ?? ''));
  const wild = first && wildcardsLike(first, statement, context);
  if (!wild) return NO_TASKS;
  return offered(policy, statement, wild, context, (fitting) => {
    const offers = patternsOfTypes(
      wild.service.resourceTypes.filter(({ key }) => fitting.types.has(key)),
      policy,
      wide,
      context,
    );
    return offers.slice(0, 1).flatMap((patterns) => {
      const narrowed = narrowedEdits(statement, wide, patterns);
      const edits = narrowed && editsOn(policy, statement, wild, fitting, narrowed);
      const { task, scoped, unscoped } = fitting;
      const title = `${titleOf(wild, task)} on ${inWords(patterns)} (${removed(wild, [...scoped, ...unscoped])})`;
      return edits ? [{ title, edits }] : [];
    });
  });
}

/** Wildcards of one service in a clause, and the actions that they take in. */
interface Wildcards {
  readonly service: Service;
  readonly items: readonly ClauseItem[];
  readonly actions: readonly Actions[];
}

/** The wildcards of the service that `item` is of; undefined where it is of several or of none. */
function wildcardsLike(item: ClauseItem, { action }: Statement, { catalog }: RuleContext): Wildcards | undefined {
  const serviceOf = ({ text, presence }: ClauseItem): Service | undefined => {
    const pattern = knownText(text) ?? '';
    const [match, ...more] = presence === 'always' && isPattern(pattern) ? catalog.match(pattern) : [];
    return more.length === 0 ? match?.service : undefined;
  };
  const service = serviceOf(item);
  if (!action || action.negated || action.open || !service) return undefined;
  const items = action.items.filter((one) => serviceOf(one) === service);
  const taken = items.map(({ text }) => catalog.match(knownText(text) ?? '')[0]?.bits);
  const bits = bitsWhere(service.names.length, (index) => taken.some((one) => one !== undefined && hasBit(one, index)));
  return { service, items, actions: [{ service, bits }] };
}

/** A task with those of its actions that the statement allows, by full name, and the types that these are scoped to. */
interface Fitting {
  readonly task: Task;
  readonly scoped: readonly string[];
  readonly unscoped: readonly string[];
  readonly types: ReadonlySet<string>;
}

/** The best of the tasks that fit, those that are meant first. */
function offered(
  policy: Policy,
  statement: Statement,
  wild: Wildcards,
  context: RuleContext,
  spell: (fitting: Fitting) => readonly Omit<Fix, 'safety'>[],
): TaskFixes {
  const words = wordsAround(policy, statement);
  const fitting = tasksOf(wild.service.prefix)
    .flatMap((task) => fit(task, wild, statement, context) ?? [])
    .filter(({ scoped, unscoped }) => scoped.length + unscoped.length < countActions(wild.actions))
    .map((one) => ({ one, weight: weightOf(one.task, words) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_TASKS);
  const fixes = (list: typeof fitting) =>
    list.flatMap(({ one }) => spell(one).map((fix): Fix => ({ ...fix, safety: 'narrows' })));
  return {
    meant: fixes(fitting.filter(({ weight }) => weight > 0)),
    others: fixes(fitting.filter(({ weight }) => weight === 0)),
  };
}

/** Undefined where an action of the task itself is not allowed, or not on resources that it acts on; or where nothing of it rests on the wildcards. */
function fit(
  task: Task,
  { service, actions: wild }: Wildcards,
  statement: Statement,
  { catalog, facts }: RuleContext,
): Fitting | undefined {
  const { everyResource } = facts(statement);
  const arns = everyResource ? [] : definiteArns(statement);
  if (!arns) return undefined;
  const patterns = (statement.action?.items ?? []).flatMap(({ text }) => knownText(text) ?? []);
  const reach = reachOf(service, arns);
  const allowed = (action: string) =>
    patterns.some((pattern) => catalog.match(pattern).some((match) => takes(match, action)));
  const fits = task.on.filter(({ type, actions }) => (everyResource || reach.touches(type)) && actions.every(allowed));
  const scoped = [...new Set(fits.flatMap(({ actions }) => actions))];
  const owed = notNamed(scoped, statement).some((action) => wild.some((one) => takes(one, action)));
  if (!task.on[0] || fits[0] !== task.on[0] || !owed) return undefined;
  return {
    task,
    scoped,
    unscoped: everyResource ? task.unscoped.filter(allowed) : [],
    types: new Set(fits.map(({ type }) => type)),
  };
}

function takes({ service, bits }: Actions, action: string): boolean {
  const index = service.names.findIndex((name) => `${service.prefix}:${name}` === action);
  return index >= 0 && hasBit(bits, index);
}

/** The words of the Sid, and those of the place and the file, in lower case. */
interface Words {
  readonly sid: readonly string[];
  readonly place: readonly string[];
}

function wordsAround({ site }: Policy, { sid }: Statement): Words {
  const file = site.span.source.replace(/^.*[/\\]/, '');
  return { sid: wordsOf(sid?.text.flat ?? ''), place: wordsOf(`${site.address} ${file}`) };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** How many of the task's words are said: those of the Sid count more. */
function weightOf({ words }: Task, { sid, place }: Words): number {
  const count = (list: readonly string[]) => words.filter((word) => list.some((one) => one.startsWith(word))).length;
  return count(sid) * 10 + count(place);
}

/**
 * Where all of the statement is the task's business it is narrowed as it stands, and what needs `*` moves to one of its own.
 * Else the task moves to a statement of its own.
 */
function editsOn(
  policy: Policy,
  statement: Statement,
  { items }: Wildcards,
  { scoped, unscoped }: Fitting,
  narrowed: readonly Edit[],
): readonly Edit[] | undefined {
  const { action } = statement;
  if (!action) return undefined;
  const moved = action.items.filter((item) => items.includes(item) || scoped.includes(knownText(item.text) ?? ''));
  const only = replaceInClause(action, action.items, scoped);
  const copy = copyOfStatement(policy, statement);
  if (moved.length === action.items.length) {
    if (unscoped.length === 0) return only && [...only, ...narrowed];
    const apart = replaceInClause(action, action.items, unscoped);
    return only && apart && copy && [...only, ...narrowed, copy(apart)];
  }
  const left = unscoped.filter((name) => !action.items.some(({ text }) => knownText(text) === name));
  const here = replaceInClause(action, moved, left);
  return only && here && copy && [...here, copy([...only, ...narrowed])];
}

/** Those that the statement does not name anyway. */
function notNamed(names: readonly string[], { action }: Statement): readonly string[] {
  const named = new Set((action?.items ?? []).map(({ text }) => knownText(text)?.toLowerCase()));
  return names.filter((name) => !named.has(name.toLowerCase()));
}

function titleOf({ items }: Wildcards, { doing }: Task): string {
  const shown = items.map(({ text }) => `\`${displayText(text)}\``);
  const all = shown.length > 2 ? `${shown.length} wildcards` : shown.join(' and ');
  return `Narrow ${all} to ${doing}`;
}

function removed({ service, actions }: Wildcards, names: readonly string[]): string {
  const kept = new Set(names);
  const bits = bitsWhere(service.names.length, (index) => kept.has(`${service.prefix}:${service.names[index] ?? ''}`));
  return removalOf(actions, [{ service, bits }]);
}
