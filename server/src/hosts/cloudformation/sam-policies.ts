/** SAM's policy templates by name: the statements that a name with its parameters stands for. They are explained, not judged: nobody writes them here. */
import data from '../../../data/sam-policies.json' with { type: 'json' };
import type { Grant } from '../../policy/module.ts';
import { holeText, type Span, spelledText, type Text } from '../../text/text.ts';
import {
  type Entry,
  entryOf,
  type ListValue,
  literalOf,
  type ObjectValue,
  type Spelling,
  type TextValue,
  type Value,
} from '../../value/value.ts';
import { evaluate, evaluationOf } from './evaluate.ts';
import type { Template } from './scope.ts';
import { substituted } from './substitute.ts';
import { embedded } from './texts.ts';

/** The policy templates that the functions and state machines of a template use, in order. */
export function grantsIn({ scope }: Template): readonly Grant[] {
  const grants: Grant[] = [];
  for (const { type, properties } of scope.resources.values()) {
    if (!/^AWS::Serverless::(?:Function|StateMachine)$/.test(type) || !properties) continue;
    for (const { key, keySpan, value } of namedIn(entryOf(properties, 'Policies')?.value)) {
      const parameters = evaluate(value, evaluationOf(scope));
      const document = documentOf(key.flat, parameters, keySpan);
      if (document) grants.push({ name: key.flat, span: keySpan, value: document });
    }
  }
  return grants;
}

/** The entries of a list of policies, or of what stands for one, functions looked through. */
function namedIn(value: Value | undefined): readonly Entry[] {
  if (value?.kind === 'list') return value.items.flatMap((item) => namedIn(item.value));
  if (value?.kind !== 'object') return [];
  const condition = entryOf(value, 'Fn::If')?.value;
  return condition ? namedIn(condition) : value.entries;
}

const MADE: Spelling = { notation: 'made', layers: [] };

function documentOf(name: string, parameters: Value, span: Span): ObjectValue | undefined {
  const statements = rowOf(name)?.map((row) => statementOf(row, parameters, span));
  if (!statements) return undefined;
  const entry = entryFor('Statement', listOf(statements, span), span);
  return { kind: 'object', span, spelling: MADE, entries: [entry], open: false };
}

function statementOf(row: string, parameters: Value, span: Span): ObjectValue {
  const [grant = '', condition] = row.split(' ? ');
  const [actions = '', resources = ''] = grant.split(' > ');
  const text = (template: string): TextValue => textOf(filled(template, parameters, span), span);
  const entries = [
    entryFor('Effect', text('Allow'), span),
    entryFor('Action', listOf(actions.split(' ').map(text), span), span),
    entryFor('Resource', listOf(resources.split(' ').map(text), span), span),
  ];
  const [operator, key, value = ''] = condition?.split(' ') ?? [];
  if (operator !== undefined && key !== undefined) {
    const test = objectOf([entryFor(key, text(value), span)], span);
    entries.push(entryFor('Condition', objectOf([entryFor(operator, test, span)], span), span));
  }
  return objectOf(entries, span);
}

function filled(template: string, parameters: Value, span: Span): Text {
  const letters = template.replace(/^%/, 'arn:${AWS::Partition}:').replace('~', '${AWS::Region}:${AWS::AccountId}');
  return substituted(spelledText('derived', letters, span), 'none', (name) => {
    const value = parameters.kind === 'object' ? entryOf(parameters, name)?.value : undefined;
    return value && (embedded(value, span) ?? holeText(literalOf(value) ?? name, span));
  });
}

function textOf(text: Text, span: Span): TextValue {
  return { kind: 'text', span, spelling: MADE, text };
}

function listOf(values: readonly Value[], span: Span): ListValue {
  return {
    kind: 'list',
    span,
    spelling: MADE,
    items: values.map((value) => ({ value, presence: 'always' })),
    open: false,
  };
}

function objectOf(entries: readonly Entry[], span: Span): ObjectValue {
  return { kind: 'object', span, spelling: MADE, entries, open: false };
}

function entryFor(key: string, value: Value, span: Span): Entry {
  return { key: spelledText('derived', key, span), keySpan: span, value, presence: 'always', span };
}

let table: ReadonlyMap<string, readonly string[]> | undefined;

/** The statements of the policy template of that name; undefined where there is none. */
function rowOf(name: string): readonly string[] | undefined {
  table ??= new Map(
    data.templates.map((line) => {
      const [own = '', ...statements] = line.split(' | ');
      return [own, statements];
    }),
  );
  return table.get(name);
}
