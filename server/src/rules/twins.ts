/** Twins: statements that are equal but for their Sid, told by their words alone. */
import type { Config } from '../config/config.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import { canonicalText, knownText } from '../text/text.ts';
import { canonicalValue, openName, type Value } from '../value/value.ts';

/** Whether any two statements are equal, where only those count: of others Access Analyzer says nothing, so that nothing need be proved. */
export function mayHaveTwins({ statements }: Policy, { preset }: Config): boolean {
  if (preset !== 'access-analyzer') return true;
  return haveEqual(statements, letters) && haveEqual(statements, content);
}

function haveEqual(statements: readonly Statement[], nameOf: (statement: Statement) => unknown): boolean {
  return new Set(statements.map(nameOf)).size < statements.length;
}

/** How many letters name actions and resources: where no two statements have as many, none are equal. */
function letters({ action, resource }: Statement): number {
  let sum = 0;
  for (const clause of [action, resource]) for (const { text } of clause?.items ?? []) sum += text.flat.length;
  return sum;
}

/** All but the Sid, in one order: that of elements and in lists means nothing. */
export function content({ value }: Statement): string {
  return words({ ...value, entries: value.entries.filter(({ key }) => knownText(key) !== 'Sid') });
}

function words(value: Value): string {
  switch (value.kind) {
    case 'list': {
      const items = value.items.map((item) => item.presence + words(item.value)).sort();
      return `[${items}${openName(value)}]`;
    }
    case 'object': {
      const entries = value.entries.map(
        (entry) => `${entry.presence}${canonicalText(entry.key)}:${listed(entry.value)}`,
      );
      return `{${entries.sort()}${openName(value)}}`;
    }
    default:
      return canonicalValue(value);
  }
}

/** A single word means the same as a list of it. */
function listed(value: Value): string {
  return value.kind === 'list' ? words(value) : `[always${words(value)}]`;
}
