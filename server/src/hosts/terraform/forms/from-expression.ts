/** Reads the object that `jsonencode` is given as a draft. Undefined where something of it is computed that would have to be seen. */
import { knownText } from '../../../text/text.ts';
import type { Value } from '../../../value/value.ts';
import { keyName } from '../documents.ts';
import { evaluate } from '../evaluate.ts';
import { type Evaluation, evaluationOf } from '../evaluation.ts';
import type { TerraformFile } from '../file.ts';
import type { Expression, ObjectEntry, ObjectExpression } from '../hcl/syntax.ts';
import type { Scope } from '../scope.ts';
import { type Draft, type DraftObject, type Keyed, notesOf, quoted, type Words } from './draft.ts';

/** The object as a draft. */
export function fromExpression(
  expression: ObjectExpression,
  file: TerraformFile,
  scope: Scope,
): DraftObject | undefined {
  return objectOf(expression, file, evaluationOf(scope));
}

/** The expression as a draft: lists and objects taken apart, all else in its own words. */
export function draftOf(expression: Expression, file: TerraformFile, evaluation: Evaluation): Draft | undefined {
  switch (expression.kind) {
    case 'object':
      return objectOf(expression, file, evaluation);
    case 'list': {
      const notes = notesOf(
        file,
        expression.span,
        expression.items.map(({ span }) => span),
      );
      const members = expression.items.flatMap((item, i) => {
        const value = draftOf(item, file, evaluation);
        const own = notes[i];
        return value && own ? [{ value, notes: own }] : [];
      });
      const broken = textOf(expression, file).includes('\n');
      return members.length === expression.items.length && expression.closed
        ? { kind: 'list', members, broken }
        : undefined;
    }
    case 'number':
    case 'boolean':
      return quoted(textOf(expression, file));
    case 'invalid':
    case 'heredoc':
    case 'null':
      return undefined;
    default:
      if (textOf(expression, file).includes('<<')) return undefined;
      return wordsOf(expression, file, evaluation);
  }
}

/** The expression in its own words. */
export function wordsOf(expression: Expression, file: TerraformFile, evaluation: Evaluation): Words {
  return { kind: 'words', text: outdented(expression, file), holds: holdsOf(evaluate(expression, file, evaluation)) };
}

function holdsOf(value: Value): Words['holds'] {
  if (value.kind === 'text') return 'text';
  return value.kind === 'list' && !value.open && value.items.length > 0 ? 'list' : 'unknown';
}

/** Further lines without the blanks that the first one begins with. */
function outdented(expression: Expression, file: TerraformFile): string {
  const { text } = file.source;
  const line = text.lastIndexOf('\n', expression.span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  return textOf(expression, file).replaceAll(`\n${indent}`, '\n');
}

function textOf({ span }: Expression, file: TerraformFile): string {
  return file.source.text.slice(span.start, span.end);
}

function objectOf(expression: ObjectExpression, file: TerraformFile, evaluation: Evaluation): DraftObject | undefined {
  if (!expression.closed) return undefined;
  const notes = notesOf(
    file,
    expression.span,
    expression.entries.map(({ span }) => span),
  );
  const members = expression.entries.flatMap((entry, i): readonly Keyed[] => {
    const key = keyOf(entry, file, evaluation);
    const value = draftOf(entry.value, file, evaluation);
    const own = notes[i];
    return key && value && own ? [{ ...key, value, notes: own }] : [];
  });
  return members.length === expression.entries.length ? { kind: 'object', members } : undefined;
}

function keyOf(
  { key }: ObjectEntry,
  file: TerraformFile,
  evaluation: Evaluation,
): Pick<Keyed, 'key' | 'words'> | undefined {
  const name = keyName(key, file);
  if (name !== undefined) return { key: name, words: quoted(name).text };
  if (key.kind === 'identifier') return undefined;
  const inner = key.kind === 'paren' ? key.expression : key;
  const value = evaluate(inner, file, evaluation);
  if (value.kind !== 'text') return undefined;
  return { key: knownText(value.text), words: textOf(inner, file) };
}
