/** Fingerprint: a short name for a long text, so that what was found out about it can be remembered without it. */

/** The text's length and 64 bits of its letters: two sums, mixed in different ways. Equal texts have equal names; that two others have is as likely as a broken memory. */
export function fingerprint(text: string): string {
  let first = 0xdeadbeef;
  let second = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    first = Math.imul(first ^ code, 2654435761);
    second = Math.imul(second ^ code, 1597334677);
  }
  first = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  second = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
  return `${text.length} ${first >>> 0} ${second >>> 0}`;
}
