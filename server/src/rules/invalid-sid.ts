/** invalid-sid: a Sid with characters that IAM refuses, or without any. */
import type { Fix } from '../finding/finding.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { displayText, knownText, spanOf, type Text } from '../text/text.ts';
import type { Entry, ObjectValue, TextValue } from '../value/value.ts';
import { type Draft, isOfKind, type StatementRule } from './rule.ts';

/** Source: IAM User Guide, "Grammar of the IAM JSON policy language", sid_string: A-Z, a-z and 0-9 in policies of IAM; other services take more. */
export const invalidSid: StatementRule = {
  id: 'invalid-sid',
  on: 'statement',
  summary: 'A Sid has characters that IAM refuses, or none at all',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['EMPTY_SID_VALUE', 'UNSUPPORTED_SID'],
  equivalents: ['cfn-lint:E3510', 'tflint:aws_iam_policy_sid_invalid_characters', 'parliament:INVALID_SID'],
  check: checkSid,
};

/** Policies that IAM itself takes in. */
const OF_IAM: readonly PolicyKind[] = ['identity', 'boundary', 'session', 'scp', 'trust'];

function* checkSid(statement: Statement, policy: Policy): Iterable<Draft> {
  const { sid } = statement;
  if (!sid) return;
  if (sid.text.flat === '') yield empty(statement, sid);
  else if (hasOthers(sid.text) && isOfKind(policy, OF_IAM)) yield unsupported(sid, policy);
}

const PLAIN = /^[A-Za-z0-9]+$/;

/** Whether a character that is known is none of those that IAM takes. */
function hasOthers({ flat, parts }: Text): boolean {
  return parts.some(({ kind, at, length }) => kind !== 'hole' && !PLAIN.test(flat.slice(at, at + length)));
}

function unsupported(value: TextValue, policy: Policy): Draft {
  return {
    message: `the Sid \`${displayText(value.text)}\` has other characters than \`A-Z\`, \`a-z\` and \`0-9\``,
    span: spanOf(value.text) ?? value.span,
    accessAnalyzer: 'UNSUPPORTED_SID',
    accessAnalyzerType: 'ERROR',
    fixes: () => respelled(value, policy),
  };
}

/** `Read from s3-logs` becomes `ReadFromS3Logs`; none where another statement is called so, or nothing is left. */
function respelled(value: TextValue, { statements }: Policy): readonly Fix[] {
  const word = knownText(value.text) ?? '';
  const text = word
    .split(/[^A-Za-z0-9]+/)
    .map((part, i) => (i === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');
  if (text === '' || statements.some((other) => other.sid?.text.flat === text)) return [];
  const edits = [{ kind: 'rewrite', value, from: 0, to: word.length, text }] as const;
  return [{ title: `Replace with \`${text}\``, safety: 'same', edits, preferred: true }];
}

function empty({ value }: Statement, sid: TextValue): Draft {
  return {
    message: 'the Sid is empty',
    span: sid.span,
    level: 'info',
    unnecessary: sid.span,
    accessAnalyzer: 'EMPTY_SID_VALUE',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => value.entries.filter((entry) => entry.value === sid).map((entry) => removed(entry, value)),
  };
}

function removed(entry: Entry, from: ObjectValue): Fix {
  const edits = [{ kind: 'remove-entry', from, entry }] as const;
  return { title: 'Remove the empty `Sid`', safety: 'same', edits, preferred: true };
}
