/**
 * Plain scalars: which of them are no strings, and which strings may stand plain. CloudFormation reads YAML 1.1, in which
 * `yes` and `off` are booleans; a date such as `2012-10-17` is the string that it looks like. Source: YAML 1.1,
 * "Language-Independent Types"; CloudFormation User Guide, "Template format".
 */

/** What a plain scalar is worth where it is no string; `raw` are the letters that a policy gets to see. */
export interface PlainScalar {
  readonly value: number | boolean | null;
  readonly raw: string;
}

/** Undefined for strings. */
export function scalarOf(letters: string): PlainScalar | undefined {
  if (letters.length > 40) return undefined;
  if (/^(?:~|null|Null|NULL)$/.test(letters)) return { value: null, raw: 'null' };
  if (/^(?:true|yes|on)$/i.test(letters)) return { value: true, raw: 'true' };
  if (/^(?:false|no|off)$/i.test(letters)) return { value: false, raw: 'false' };
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(letters) || /^0x[0-9a-fA-F]+$/.test(letters))
    return { value: Number(letters), raw: letters };
  return undefined;
}

/** Whether the letters stand for themselves as a plain scalar on one line, in block or flow surroundings. */
export function mayBePlain(letters: string): boolean {
  return (
    /^[A-Za-z0-9_/.$(][^\n\r\t"'{}[\],#&*!|>%@`]*(?:[*{}#!&,@%|'"[\]>][^\n\r\t{}[\],]*)*$/.test(letters) &&
    !/:(?:\s|$)|\s#|\s$|[{}[\],]/.test(letters) &&
    !/^(?:---|\.\.\.)/.test(letters) &&
    !/^\d{4}-\d\d?-\d\d?/.test(letters) &&
    scalarOf(letters) === undefined
  );
}
