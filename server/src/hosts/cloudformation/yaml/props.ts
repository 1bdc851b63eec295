/** What stands before a value of YAML: its tag, its anchor, and the indicator that it follows. Reads tokens only. */
import type { CST } from 'yaml';

/** What stands before a value. */
export interface Props {
  readonly tag: CST.SourceToken | undefined;
  readonly anchor: CST.SourceToken | undefined;
  /** Behind the indicator that the value follows. */
  readonly behind: number;
}

/** The properties of the value behind these tokens; `behind` is where they begin. */
export function propsOf(tokens: readonly CST.SourceToken[] | undefined, behind: number): Props {
  let tag: CST.SourceToken | undefined;
  let anchor: CST.SourceToken | undefined;
  let after = behind;
  for (const token of tokens ?? []) {
    if (token.type === 'tag') tag = token;
    else if (token.type === 'anchor') anchor = token;
    else if (INDICATORS.has(token.type)) {
      tag = anchor = undefined;
      after = token.offset + token.source.length;
    }
  }
  return { tag, anchor, behind: after };
}

const INDICATORS: ReadonlySet<string> = new Set(['map-value-ind', 'seq-item-ind', 'explicit-key-ind', 'comma']);
