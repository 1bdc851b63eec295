/** Templates over plain files: turns `${name}` and `%{ … }` into holes, as Terraform's templatefile does. Reads no values in. */
import { holeText, joinText, type Span, sourceText, spelledText, type Text } from '../text/text.ts';

/**
 * The Text of a template. `marks` says which marks count: `all` in a template file; `plain names` in a JSON file, where
 * `${aws:username}` and other names with a colon, and `${*}`, `${?}`, `${$}`, are IAM's own variables and stay letters.
 */
export function templateText(source: string, content: string, marks: 'all' | 'plain names'): Text {
  const pieces: Text[] = [];
  let from = 0;
  const keep = (to: number) => {
    if (to > from) pieces.push(sourceText(source, content, from, to));
  };
  for (let at = nextMark(content, 0); at >= 0; at = nextMark(content, at)) {
    const span = (end: number): Span => ({ source, start: at, end });
    if (content[at] === content[at + 1] && content[at + 2] === '{') {
      if (marks === 'all') {
        keep(at);
        pieces.push(spelledText('spelled', `${content[at]}{`, span(at + 3)));
        from = at + 3;
      }
      at += 3;
      continue;
    }
    const end = content[at + 1] === '{' ? closing(content, at + 2) : -1;
    const inside = end < 0 ? '' : content.slice(at + 2, end - 1).trim();
    const directive = content[at] === '%';
    if (end < 0 || (directive && marks !== 'all') || (!directive && isVariable(inside))) {
      at = end < 0 ? at + 1 : end;
      continue;
    }
    keep(at);
    pieces.push(directive ? directiveText(inside, span(end)) : holeText(inside, span(end)));
    from = at = end;
  }
  keep(content.length);
  return joinText(pieces);
}

/**
 * Whether a plain file has `${name}` outside of its strings, a directive, or the escape `$${`, which IAM does not know:
 * then it is a template, whatever its name.
 */
export function looksLikeTemplate(content: string): boolean {
  if (!content.includes('${') && !content.includes('%{')) return false;
  if (content.includes('$${')) return true;
  let inString = false;
  for (let i = 0; i < content.length; i++) {
    const code = content.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34 || code === 10) inString = false;
    } else if (code === 34) inString = true;
    else if ((code === 36 || code === 37) && content[i + 1] === '{') return true;
  }
  return false;
}

/** Whether the marks are Terraform's for certain: other languages of templates have neither its directives nor its escape. */
export function isTerraformTemplate(path: string, content: string): boolean {
  return /\.tftpl$/i.test(path) || content.includes('$${') || /%\{~?\s*(if|for)\b/.test(content);
}

/** Where IAM's own variables stand in a template as they do in a policy, which Terraform takes for its own marks. */
export function unescapedIn(source: string, content: string): readonly Span[] {
  return [...content.matchAll(UNESCAPED)].map(({ 0: words, index }) => ({
    source,
    start: index,
    end: index + words.length,
  }));
}

const UNESCAPED = /(?<!\$)\$\{(?:[a-z][\w.-]*:\w[\w:/+=.@-]*[^{}\n]*|[*?$])\}/gi;

/** A name that IAM reads itself: it has a colon (`aws:username`, `s3:prefix`) or is one of the three escapes. */
function isVariable(inside: string): boolean {
  return /^[\w-]+:[\w:/+=.@-]/.test(inside) || inside === '*' || inside === '?' || inside === '$';
}

function directiveText(inside: string, span: Span): Text {
  const word = /^~?\s*(\w+)/.exec(inside)?.[1] ?? '';
  const kind = word === 'if' || word === 'for' ? 'open' : word === 'else' ? 'else' : 'close';
  return holeText(`%{ ${inside.replace(/^~|~$/g, '').trim()} }`, span, kind);
}

/** A mark or its escape: `${`, `%{`, `$${`, `%%{`. */
function nextMark(content: string, from: number): number {
  const mark = /([$%])\1?\{/g;
  mark.lastIndex = from;
  return mark.exec(content)?.index ?? -1;
}

/** The offset after the brace that closes what began at `from`; -1 where none does on the next lines. */
function closing(content: string, from: number): number {
  let depth = 1;
  for (let i = from; i < content.length && i < from + 2000; i++) {
    const code = content.charCodeAt(i);
    if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return i + 1;
  }
  return -1;
}
