/** Spells the ARN of a resource as an expression, alone or with letters after it. Looks at blocks only, never at AWS data. */
import type { Reference } from '../../finding/edit.ts';
import type { Spelling } from '../../value/value.ts';
import { encode, quoteOf } from '../spelling.ts';
import { attributeOf, type TerraformFile } from './file.ts';

/**
 * `aws_s3_bucket.b.arn`, in a string `"${aws_s3_bucket.b.arn}/*"`. Undefined for what the module does not define, and for
 * resources that there may be several of.
 */
export function referenceIn(
  files: readonly TerraformFile[],
  reference: Reference,
  spelling: Spelling,
): string | undefined {
  const named = files.flatMap((file) => file.resources).find(({ address }) => address === reference.thing);
  if (named?.mode !== 'resource') return undefined;
  if (attributeOf(named.block, 'count') || attributeOf(named.block, 'for_each')) return undefined;
  const arn = `${named.address}.arn`;
  const inString = spelling.notation === 'json' || spelling.layers.length > 0;
  if (!inString && reference.suffix === '') return arn;
  const quote = quoteOf(spelling);
  return `${quote}\${${arn}}${encode(reference.suffix, spelling)}${quote}`;
}
