/** duplicate-sid: two statements of one policy have the same Sid. Speaks of statements that are there for certain. */
import type { Fix } from '../finding/finding.ts';
import type { PolicyKind } from '../policy/module.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { canonicalText, displayText, knownText, spanOf } from '../text/text.ts';
import { entryOf, type TextValue } from '../value/value.ts';
import { type Draft, isOfKind, type StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IAM JSON policy elements: Sid": unique within a policy; Terraform, `aws_iam_policy_document`, asks for it in all. */
export const duplicateSid: StatementRule = {
  id: 'duplicate-sid',
  on: 'statement',
  summary: 'Two statements of a policy have the same Sid',
  level: 'error',
  kinds: 'all',
  subject: 'document',
  accessAnalyzer: ['UNIQUE_SIDS_RECOMMENDED', 'UNIQUE_SIDS_REQUIRED'],
  equivalents: ['cfn-lint:E3510', 'parliament:DUPLICATE_SID'],
  check: checkSid,
};

/** Policies that IAM itself takes in. */
const OF_IAM: readonly PolicyKind[] = ['identity', 'boundary', 'session', 'scp', 'trust'];

function* checkSid(statement: Statement, policy: Policy): Iterable<Draft> {
  const first = (FIRST.get(policy) ?? findFirst(policy)).get(nameOf(statement));
  const { sid } = statement;
  if (!sid || !first || first === statement) return;
  const refused = isOfKind(policy, OF_IAM);
  const block = statement.value.spelling.notation === 'block';
  yield {
    message: `an earlier statement has the Sid \`${displayText(sid.text)}\` too${block && !refused ? ', which Terraform refuses' : ''}`,
    span: spanOf(sid.text) ?? sid.span,
    ...(refused || block ? {} : { level: 'info' }),
    related: [{ span: first.head, message: 'it stands here first' }],
    ...(refused ? REQUIRED : RECOMMENDED),
    fixes: () => renumbered(sid, policy),
  };
}

const REQUIRED = { accessAnalyzer: 'UNIQUE_SIDS_REQUIRED', accessAnalyzerType: 'ERROR' } as const;
const RECOMMENDED = { accessAnalyzer: 'UNIQUE_SIDS_RECOMMENDED', accessAnalyzerType: 'WARNING' } as const;

/** The Sid of a statement that is there for certain with it; empty for others. */
function nameOf({ sid, presence, value }: Statement): string {
  const sure = presence === 'always' && entryOf(value, 'Sid')?.presence === 'always';
  return sid && sure ? canonicalText(sid.text) : '';
}

/** The first statement of each Sid. */
const FIRST = new WeakMap<Policy, ReadonlyMap<string, Statement>>();

function findFirst(policy: Policy): ReadonlyMap<string, Statement> {
  const found = new Map<string, Statement>();
  for (const statement of policy.statements) {
    const name = nameOf(statement);
    if (name !== '' && !found.has(name)) found.set(name, statement);
  }
  FIRST.set(policy, found);
  return found;
}

/** `Read` becomes `Read2`, or the next number that is free. */
function renumbered(value: TextValue, { statements }: Policy): readonly Fix[] {
  const word = knownText(value.text);
  if (word === undefined) return [];
  const taken = new Set(statements.map(({ sid }) => sid?.text.flat));
  let number = 2;
  while (taken.has(`${word}${number}`)) number++;
  const text = `${word}${number}`;
  const edits = [{ kind: 'rewrite', value, from: 0, to: word.length, text }] as const;
  return [{ title: `Replace with \`${text}\``, safety: 'same', edits, preferred: true }];
}
