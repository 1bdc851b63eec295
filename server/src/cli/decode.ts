/** Decodes the bytes of a file as people's tools write them: UTF-8, or UTF-16 behind its mark. */

/** A file's text. `exact` is false where encoding it again would not give the same bytes: such a file must not be written. */
export interface Decoded {
  readonly text: string;
  readonly encoding: 'utf8' | 'utf16le';
  readonly exact: boolean;
}

/** The text of the bytes; what is no text becomes U+FFFD. A byte order mark stays in the text. */
export function decode(bytes: Buffer): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: bytes.toString('utf16le'), encoding: 'utf16le', exact: bytes.length % 2 === 0 };
  const text = bytes.toString('utf8');
  return { text, encoding: 'utf8', exact: !text.includes('\uFFFD') };
}

/** Whether the bytes are those of a program, an image or an archive: a zero byte near the front, and no UTF-16 mark. */
export function isBinary(bytes: Buffer): boolean {
  return !(bytes[0] === 0xff && bytes[1] === 0xfe) && bytes.subarray(0, 8192).includes(0);
}
