/** AWS's own accounts, which policies name where AWS tells people to: a hand-kept table with its sources. Knows no policies. */
import data from '../../data/aws-accounts.json' with { type: 'json' };
import { memo } from './memo.ts';

/** The day on which the table was last compared with AWS's documentation, `2026-11-22`. */
export const AWS_ACCOUNTS_DATE: string = data.date;

const ACCOUNTS = memo((): ReadonlySet<string> => new Set(data.accounts));

/** Whether the account belongs to AWS itself. */
export function isOfAws(account: string): boolean {
  return ACCOUNTS().has(account);
}
