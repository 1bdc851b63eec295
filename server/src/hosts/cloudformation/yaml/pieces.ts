/** Collects the parts of a Text from one source, each where it stands. Knows no language. */
import { EMPTY, joinText, type Span, sourceText, spelledText, type Text } from '../../../text/text.ts';

/** Letters of one source. */
export interface Letters {
  readonly path: string;
  readonly content: string;
}

/** Collects the parts of one text. */
export class Pieces {
  private readonly texts: Text[] = [];
  constructor(private readonly letters: Letters) {}

  same(from: number, to: number): void {
    if (to > from) this.texts.push(sourceText(this.letters.path, this.letters.content, from, to));
  }

  /** An escape or fold; nothing where it stands for nothing. */
  spelled(text: string, from: number, to: number): void {
    if (text === '') return;
    if (this.letters.content.slice(from, to) === text) this.same(from, to);
    else this.texts.push(spelledText('spelled', text, this.span(from, to)));
  }

  newline(from: number, to: number): void {
    this.spelled('\n', from, to);
  }

  letterAt(offset: number): string {
    return this.letters.content[offset] ?? '';
  }

  text(): Text {
    return this.texts.length === 0 ? EMPTY : joinText(this.texts);
  }

  private span(start: number, end: number): Span {
    return { source: this.letters.path, start, end };
  }
}
