/**
 * Characters as the HCL grammar knows them: codes, and where an identifier ends.
 * It never reads further than it is asked to.
 */

/** What a scanner sees behind its end. */
export const END = -1;
export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
export const SPACE = 32;
export const BANG = 33;
export const QUOTE = 34;
export const HASH = 35;
export const DOLLAR = 36;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const STAR = 42;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const UNDERSCORE = 95;
export const OPEN_BRACE = 123;
export const BAR = 124;
export const CLOSE_BRACE = 125;
export const TILDE = 126;
const BYTE_ORDER_MARK = 0xfeff;

/** Whether the text starts with a byte order mark, which is no part of the file's first word. */
export function startsWithByteOrderMark(text: string): boolean {
  return text.charCodeAt(0) === BYTE_ORDER_MARK;
}

/** `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `}`, `]` or `)`. */
export function isCloser(code: number): boolean {
  return code === CLOSE_BRACE || code === CLOSE_BRACKET || code === CLOSE_PAREN;
}

/** Space, tab, or the carriage return before a newline. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN;
}

/** The end of the identifier that starts at `at`, or `at` itself where none does. */
export function nameEnd(text: string, at: number, end: number): number {
  let position = at;
  while (position < end) {
    const code = text.charCodeAt(position);
    if (code < 128) {
      const kind = ASCII[code] ?? 0;
      if (kind === 0 || (kind === 1 && position === at)) return position;
      position++;
    } else {
      const letter = String.fromCodePoint(text.codePointAt(position) ?? 0);
      if (!(position === at ? ID_START : ID_CONTINUE).test(letter)) return position;
      position += letter.length;
    }
  }
  return position;
}

/** The end of the line that holds `at`, before its `\n` or `\r\n` and not behind `end`. */
export function lineEnd(text: string, at: number, end: number): number {
  let position = at;
  while (position < end && text.charCodeAt(position) !== NEWLINE) position++;
  return position > at && position < text.length && text.charCodeAt(position - 1) === RETURN ? position - 1 : position;
}

/** Where blanks and tabs end. */
export function blanksEnd(text: string, at: number, end: number): number {
  let position = at;
  while (position < end && isBlank(text.charCodeAt(position))) position++;
  return position;
}

const ID_START = /^\p{ID_Start}$/u;
const ID_CONTINUE = /^\p{ID_Continue}$/u;

/** 2 starts an identifier, 1 goes on with one, 0 does neither. */
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === UNDERSCORE) return 2;
  return isDigit(code) || code === MINUS ? 1 : 0;
});
