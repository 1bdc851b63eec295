/** What a hover says of a name that stands for statements written elsewhere: the statements. Judges nothing. */
import type { Grant } from '../policy/module.ts';
import { readPolicy } from '../policy/read.ts';
import { blocks, code } from './markdown.ts';
import { statementHover } from './statement-hover.ts';

/** The statements behind a name, in Markdown. */
export function grantHover({ name, span, value }: Grant): string {
  const policy = readPolicy({ value, kind: 'identity', address: name, span, versionImplied: true });
  const statements = policy?.statements ?? [];
  const many = statements.length === 1 ? 'this statement' : `these ${statements.length} statements`;
  return blocks([
    `${code(name)} is a policy template of SAM, which stands for ${many}:`,
    ...statements.map(statementHover),
  ]);
}
