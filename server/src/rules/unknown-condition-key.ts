/** unknown-condition-key: a condition asks for a key that AWS does not document. Worded softly: AWS adds keys every week. */
import { keyNotes } from '../catalog/key-notes.ts';
import type { Fix } from '../finding/finding.ts';
import type { Condition, Policy, Statement } from '../policy/policy.ts';
import { displayText, spanOf } from '../text/text.ts';
import { conditionFacts } from './condition-facts.ts';
import { type KeyFault, keyFault, nearKeys } from './key-fault.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: Service Authorization Reference; IAM User Guide, "AWS global condition context keys". */
export const unknownConditionKey: StatementRule = {
  id: 'unknown-condition-key',
  on: 'statement',
  summary: 'A condition asks for a key that no request is known to carry',
  level: 'warning',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'INVALID_GLOBAL_CONDITION_KEY',
    'INVALID_SERVICE_CONDITION_KEY',
    'INVALID_SERVICE',
    'UNSUPPORTED_GLOBAL_CONDITION_KEY',
    'DEPRECATED_GLOBAL_CONDITION_KEY',
  ],
  equivalents: ['parliament:UNKNOWN_CONDITION_FOR_ACTION'],
  check: checkKeys,
};

function* checkKeys(statement: Statement, _policy: Policy, context: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { name = '' } = conditionFacts(condition, context.catalog);
    const drafts = DRAFTS.get(keyFault(name, context.catalog));
    if (drafts) yield* drafts(condition, context, () => nearKeys(displayText(condition.key), statement, context));
  }
}

type Drafts = (condition: Condition, context: RuleContext, near: () => readonly string[]) => Iterable<Draft>;

function* noGlobalKey(condition: Condition, { catalog }: RuleContext, near: () => readonly string[]): Iterable<Draft> {
  yield {
    message: `\`${displayText(condition.key)}\` is no global condition key known as of ${catalog.date}`,
    span: condition.keySpan,
    accessAnalyzer: 'INVALID_GLOBAL_CONDITION_KEY',
    accessAnalyzerType: 'ERROR',
    fixes: () => respelled(condition, near()),
  };
}

function* noServiceKey(condition: Condition, { catalog }: RuleContext, near: () => readonly string[]): Iterable<Draft> {
  const key = displayText(condition.key);
  yield {
    message: `\`${key}\` is no condition key of \`${prefixOf(key)}\` known as of ${catalog.date}`,
    span: condition.keySpan,
    accessAnalyzer: 'INVALID_SERVICE_CONDITION_KEY',
    accessAnalyzerType: 'ERROR',
    fixes: () => respelled(condition, near()),
  };
}

function* noService(condition: Condition, { catalog }: RuleContext, near: () => readonly string[]): Iterable<Draft> {
  const key = displayText(condition.key);
  const prefix = prefixOf(key);
  yield {
    message: `\`${prefix}\` in \`${key}\` is no service prefix known as of ${catalog.date}`,
    span: spanOf(condition.key, 0, prefix.length) ?? condition.keySpan,
    accessAnalyzer: 'INVALID_SERVICE',
    accessAnalyzerType: 'ERROR',
    fixes: () => respelled(condition, near()),
  };
}

function prefixOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}

/** Access Analyzer has two codes for the same key, and gives no rule by which to choose. */
function* unsupported(condition: Condition, { config }: RuleContext): Iterable<Draft> {
  const key = displayText(condition.key);
  const successors = keyNotes().unsupported.get(key.toLowerCase()) ?? [];
  const draft = {
    message: `AWS no longer supports the key \`${key}\`; \`${successors[0]}\` names the caller`,
    span: condition.keySpan,
    fixes: () => respelled(condition, successors),
  };
  yield { ...draft, accessAnalyzer: 'UNSUPPORTED_GLOBAL_CONDITION_KEY', accessAnalyzerType: 'ERROR' };
  if (config.preset !== 'access-analyzer') return;
  const message = `\`${key}\` is deprecated; \`${successors[0]}\` is the newer key`;
  yield { ...draft, message, accessAnalyzer: 'DEPRECATED_GLOBAL_CONDITION_KEY', accessAnalyzerType: 'WARNING' };
}

/** What is said of each fault; one of writing is another rule's. */
const DRAFTS: ReadonlyMap<KeyFault | undefined, Drafts> = new Map([
  ['global', noGlobalKey],
  ['key', noServiceKey],
  ['service', noService],
  ['unsupported', unsupported],
]);

function respelled(condition: Condition, keys: readonly string[]): readonly Fix[] {
  return keys.map((key, index) => ({
    title: `Replace with \`${key}\``,
    safety: 'changes',
    edits: [{ kind: 'rename', entry: condition.entry, key }],
    ...(index === 0 ? { preferred: true } : {}),
  }));
}
