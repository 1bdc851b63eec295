/** ip-range: a range of addresses means another one than it says, or one that no request comes from. */
import { type AddressRange, holdsRange, printAddress, readRange } from '../access/address.ts';
import { keyName, type Operator } from '../policy/condition.ts';
import type { Condition, ConditionItem, Policy, Statement } from '../policy/policy.ts';
import { conditionFacts } from './condition-facts.ts';
import { removeValues, wordOf } from './condition-words.ts';
import type { Draft, RuleContext, StatementRule } from './rule.ts';

/** Source: IAM User Guide, "IP address condition operators" and "aws:SourceIp"; RFC 4632; the private ranges of RFC 1918, 3927, 4193, 4291, 6598. */
export const ipRange: StatementRule = {
  id: 'ip-range',
  on: 'statement',
  summary: 'A range of addresses means another one than it says, or one that no request comes from',
  level: 'error',
  kinds: 'all',
  clause: 'Condition',
  subject: 'document',
  accessAnalyzer: [
    'IMPROVE_IP_RANGE',
    'PRIVATE_IP_ADDRESS',
    'PRIVATE_IP_ADDRESS_SUBSET',
    'PRIVATE_NOT_IP_ADDRESS',
    'PRIVATE_NOT_IP_ADDRESS_SUBSET',
  ],
  equivalents: ['parliament:MISMATCHED_TYPE'],
  check: checkRanges,
};

function* checkRanges(statement: Statement, _policy: Policy, { catalog }: RuleContext): Iterable<Draft> {
  for (const condition of statement.conditions) {
    const { operator, name } = conditionFacts(condition, catalog);
    if (operator?.base !== 'IpAddress') continue;
    const ranges = condition.values.flatMap(rangeOf);
    for (const range of ranges) {
      const draft = improved(range);
      if (draft) yield draft;
    }
    if (name === 'aws:sourceip') yield* unreachable(ranges, condition, operator, statement);
  }
}

/** A value that is a range, with its word. */
interface Range extends AddressRange {
  readonly item: ConditionItem;
  readonly word: string;
}

function rangeOf(item: ConditionItem): readonly Range[] {
  const word = wordOf(item);
  if (word === undefined) return [];
  const range = readRange(word);
  return range ? [{ ...range, item, word }] : [];
}

/** Bits behind the mask are ignored. A mask of none takes in every address, which whoever wrote one down did not mean. */
function improved(range: Range): Draft | undefined {
  const { item, word, family, low } = range;
  if (!word.includes('/')) return undefined;
  const slash = word.indexOf('/');
  if (readRange(word.slice(0, slash))?.low === low) return undefined;
  const plain = `${print(family, low)}${word.slice(slash)}`;
  const everything = Number(word.slice(slash + 1)) === 0;
  const { value } = item;
  return {
    message: `\`${word}\` is read as \`${plain}\`${everything ? ', which is every address' : ''}`,
    span: item.span,
    level: everything ? 'warning' : 'info',
    accessAnalyzer: 'IMPROVE_IP_RANGE',
    accessAnalyzerType: 'SUGGESTION',
    fixes: () => [
      { title: `Write \`${plain}\``, safety: 'same', edits: [{ kind: 'replace', value, plain }], preferred: true },
    ],
  };
}

/** IPv6 with the longest run of zeros left out, as RFC 5952 has it; IPv4 has no colons. */
function print(family: 4 | 6, address: bigint): string {
  const full = printAddress(family, address);
  const runs = [...full.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (!longest) return full;
  const front = full.slice(0, longest.index).replace(/:$/, '');
  const back = full.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${front}::${back}`;
}

/** `aws:SourceIp` is the public address of a request; one that comes through a VPC endpoint has none. */
function* unreachable(
  ranges: readonly Range[],
  condition: Condition,
  operator: Operator,
  statement: Statement,
): Iterable<Draft> {
  const hidden = ranges.filter(isPrivate);
  const [first, ...others] = hidden;
  if (!first) return;
  const isAll = !condition.open && hidden.length === condition.values.length;
  const [type, level, part] = isAll ? (['ERROR', 'error', ''] as const) : (['SUGGESTION', 'info', '_SUBSET'] as const);
  const outcome = operator.negated ? 'always holds' : operator.ifExists ? 'holds for no address' : 'never holds';
  yield {
    message: `\`${first.word}\` is private, which \`aws:SourceIp\` never is${isAll ? `, so that the condition ${outcome}` : ''}`,
    span: first.item.span,
    level,
    related: others.map(({ item, word }) => ({ span: item.span, message: `\`${word}\` is private too` })),
    accessAnalyzer: `PRIVATE_${operator.negated ? 'NOT_' : ''}IP_ADDRESS${part}`,
    accessAnalyzerType: type,
    fixes: () => [...(isAll ? otherKey(condition, statement) : without(hidden, condition, operator, statement))],
  };
}

function isPrivate(range: AddressRange): boolean {
  return PRIVATE.some((one) => holdsRange(one, range));
}

const PRIVATE: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
].flatMap((text) => readRange(text) ?? []);

/** The key that holds addresses within a VPC, where it is not tested beside already. */
function* otherKey(condition: Condition, statement: Statement) {
  if (statement.conditions.some((other) => keyName(other) === 'aws:vpcsourceip')) return;
  yield {
    title: 'Test `aws:VpcSourceIp`, the address within the VPC that the request came from',
    safety: 'changes' as const,
    edits: [{ kind: 'rename' as const, entry: condition.entry, key: 'aws:VpcSourceIp' }],
  };
}

/** Only where to name fewer addresses lets fewer requests in. */
function* without(hidden: readonly Range[], condition: Condition, { negated }: Operator, { effect }: Statement) {
  const edits = removeValues(
    condition,
    hidden.map(({ item }) => item),
  );
  if (effect.answer !== (negated ? 'Deny' : 'Allow')) return;
  const words = hidden.map(({ word }) => `\`${word}\``);
  yield {
    title: `Remove ${words.length > 2 ? `${words.length} private ranges` : words.join(' and ')}`,
    safety: 'narrows' as const,
    edits,
    preferred: true,
  };
}
