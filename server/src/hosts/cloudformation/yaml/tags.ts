/** Tags: CloudFormation's short forms of its functions become what they stand for. Evaluates nothing. */
import type { CST } from 'yaml';
import { spelledText } from '../../../text/text.ts';
import { canonicalValue, joinNames, type Spelling, type Value } from '../../../value/value.ts';

/** A value, and where it stands: aliases stand elsewhere than what they name. */
export interface Placed {
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

/** The value under its tag: a function of CloudFormation, a type of YAML's own, which changes nothing, or something that only its reader knows. */
export function tagged(tag: CST.SourceToken, { value, start, end }: Placed, spelling: Spelling): Value {
  const name = tag.source.slice(1);
  if (name.startsWith('!') || name === '') return value;
  const source = value.span.source;
  const span = { source, start: Math.min(tag.offset, start), end };
  if (!FUNCTIONS.has(name)) {
    const symbol = joinNames([`!${name} ${canonicalValue(value)}`]) ?? `!${name}@${span.start}`;
    return { kind: 'unknown', span, spelling, symbol };
  }
  const keySpan = { source, start: tag.offset, end: tag.offset + tag.source.length };
  const key = spelledText('derived', name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, keySpan);
  return {
    kind: 'object',
    span,
    spelling,
    entries: [{ key, keySpan, value, presence: 'always', span }],
    open: false,
  };
}

/** Source: CloudFormation User Guide, "Intrinsic function reference". */
const FUNCTIONS: ReadonlySet<string> = new Set(
  'And Base64 Cidr Condition Equals FindInMap ForEach GetAtt GetAZs GetStackOutput If ImportValue Join Length Not Or Ref Select Split Sub ToJsonString Transform'.split(
    ' ',
  ),
);
