/**
 * Completion: what fits at the cursor within a policy's words: services, actions, ARNs of the actions' resources,
 * condition operators and keys. Total: any path and offset give a list or undefined. Offers no wildcard: those are for the
 * author to ask for.
 */
import type { ModuleAnalysis } from '../analysis.ts';
import { eachBit } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ResourceType, Service } from '../catalog/service.ts';
import type { Config } from '../config/config.ts';
import { PLACEHOLDER } from '../finding/placeholder.ts';
import { OPERATOR_NAMES, operatorOf } from '../policy/condition.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { arnFor, whereaboutsOf, withStreams } from '../rules/narrowing/arns.ts';
import { hasHole, knownText, type Span, sourceText } from '../text/text.ts';
import { globalKeyText } from './global-keys.ts';
import { blocks, message, plain } from './markdown.ts';
import { operatorText } from './operator-text.ts';
import { type Subject, subjectAt } from './subject.ts';

/** One thing that fits. `insert` stands for all letters of the span; its parts `REPLACE_ME_…` are to be filled in. */
export interface Completion {
  readonly kind: 'service' | 'action' | 'arn' | 'operator' | 'condition-key';
  readonly insert: string;
  /** A few words beside it. */
  readonly detail: string;
  /** Markdown; empty where there is nothing to say. */
  readonly documentation: string;
}

/** `span` lies in the source that was asked about: the words without their quotes. */
export interface Completions {
  readonly span: Span;
  readonly items: readonly Completion[];
}

/** What fits at a UTF-16 offset of the source with that path; undefined where nothing is known to. Words with unknown parts are left alone. */
export function completionsAt(
  analysis: ModuleAnalysis,
  path: string,
  offset: number,
  { catalog, config }: { readonly catalog: Catalog; readonly config: Config },
): Completions | undefined {
  const subject = subjectAt(analysis, path, offset);
  if (!subject) return undefined;
  const span = wordsAt(subject, offset);
  const items = span ? itemsFor(subject, catalog, config) : [];
  return span && items.length > 0 ? { span, items } : undefined;
}

/** The span of empty words is that of their quotes: what is written comes between them, where the cursor is. */
function wordsAt(subject: Subject, offset: number): Span | undefined {
  const { span } = subject;
  if (lettersOf(subject) !== '') return span;
  return offset > span.start && offset < span.end ? { ...span, start: offset, end: offset } : undefined;
}

function lettersOf(subject: Subject): string | undefined {
  switch (subject.kind) {
    case 'item':
      return subject.item.text.flat;
    case 'operator':
      return subject.condition.operator.flat;
    case 'condition-key':
      return subject.condition.key.flat;
    default:
      return undefined;
  }
}

function itemsFor(subject: Subject, catalog: Catalog, config: Config): readonly Completion[] {
  switch (subject.kind) {
    case 'item': {
      const { clause, item, policy, statement } = subject;
      if (hasHole(item.text)) return [];
      return clause.key === 'Resource'
        ? arnsFor(statement, policy, catalog, config)
        : actionsFor(item.text.flat, new Set(clause.items.map(({ text }) => text.flat.toLowerCase())), catalog);
    }
    case 'operator':
      return hasHole(subject.condition.operator) ? [] : OPERATORS;
    case 'condition-key':
      return hasHole(subject.condition.key) ? [] : keysFor(subject.statement, catalog);
    default:
      return [];
  }
}

/** Services before the colon, the actions of one behind it; what the list holds already is not offered again. */
function actionsFor(typed: string, taken: ReadonlySet<string>, catalog: Catalog): readonly Completion[] {
  const colon = typed.indexOf(':');
  if (colon < 0) {
    return catalog.services.map((prefix) => ({
      kind: 'service',
      insert: `${prefix}:`,
      detail: catalog.service(prefix)?.name ?? '',
      documentation: '',
    }));
  }
  const actions = catalog.service(typed.slice(0, colon))?.actions ?? [];
  return actions.flatMap((action): readonly Completion[] => {
    const insert = `${action.service}:${action.name}`;
    const lower = insert.toLowerCase();
    if (taken.has(lower) && lower !== typed.toLowerCase()) return [];
    return [{ kind: 'action', insert, detail: action.level, documentation: plain(action.description) }];
  });
}

/** The ARNs of what the statement's actions act on, with what the document tells of account and Region. */
function arnsFor(statement: Statement, policy: Policy, catalog: Catalog, config: Config): readonly Completion[] {
  const where = whereaboutsOf(policy, config);
  const offers = new Map<string, Completion>();
  for (const [service, type] of typesIn(statement, catalog)) {
    for (const template of type.arns) {
      const insert = withStreams(type, arnFor(template, where));
      offers.set(insert, { kind: 'arn', insert, detail: `${service.name}: ${type.key}`, documentation: '' });
    }
  }
  return [...offers.values()];
}

/** A statement that reaches more is not helped by a list of all that AWS has. */
const MOST_TYPES = 60;

function typesIn(statement: Statement, catalog: Catalog): readonly (readonly [Service, ResourceType])[] {
  const found = new Map<ResourceType, Service>();
  for (const { text } of statement.action?.negated ? [] : (statement.action?.items ?? [])) {
    const pattern = knownText(text);
    if (pattern === undefined || !pattern.includes(':')) continue;
    for (const { service, bits } of catalog.match(pattern)) {
      const keys = new Set<string>();
      for (const index of eachBit(bits))
        for (const { type } of service.resourcesOf(index)) keys.add(type.toLowerCase());
      for (const type of service.resourceTypes) if (keys.has(type.key.toLowerCase())) found.set(type, service);
    }
  }
  return [...found].slice(0, MOST_TYPES).map(([type, service]) => [service, type]);
}

/** The keys of the services that the statement names, then those that any request may carry. */
function keysFor(statement: Statement, catalog: Catalog): readonly Completion[] {
  const prefixes = (statement.action?.items ?? []).flatMap(({ text }) => {
    const [prefix = '', rest] = text.flat.split(':');
    return rest === undefined || hasHole(text) ? [] : [prefix.toLowerCase()];
  });
  const own = [...new Set(prefixes)].flatMap((prefix) => catalog.service(prefix)?.conditionKeys ?? []);
  const keys = new Map([...own, ...catalog.globalKeys].map((key) => [key.name.toLowerCase(), key]));
  return [...keys.values()].map((key) => {
    const global = globalKeyText(key.name);
    return {
      kind: 'condition-key',
      insert: key.name.replace(/\$\{[^}]*\}|<[^>]*>/g, `${PLACEHOLDER}KEY`),
      detail: `${key.type}${key.multivalued ? ', several values' : ''}`,
      documentation: global
        ? blocks([message(global.meaning), `**Present** ${message(global.present)}`])
        : plain(key.description),
    };
  });
}

const OPERATORS: readonly Completion[] = OPERATOR_NAMES.flatMap((name) => {
  const operator = operatorOf(sourceText('', name));
  return operator
    ? [{ kind: 'operator', insert: name, detail: '', documentation: message(operatorText(operator).meaning) }]
    : [];
});
