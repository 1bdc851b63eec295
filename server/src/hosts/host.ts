/** Host: a language that policies are written in. A host reads sources into a Module and spells edits; it knows no rules. */
import type { Edit, TextEdit } from '../finding/edit.ts';
import type { Module, PolicyKind, Source } from '../policy/module.ts';
import type { Span } from '../text/text.ts';

/** What whoever asks for an analysis knows beyond the text. */
export interface ReadOptions {
  /** Every JSON file is a policy document of this kind, whatever its shape. */
  readonly kind?: PolicyKind;
  /** Sources of other modules; a host takes from them what its own refer to. */
  readonly beside?: readonly Source[];
}

/** Another way to write a policy down, for whoever offers it to prove. `extract` makes a block of its own of it, `inline` takes one in. */
export interface Form {
  readonly kind: 'rewrite' | 'extract' | 'inline';
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Pure and total: any text gives a Module, an edit that cannot be spelled gives undefined. */
export interface Host {
  readonly id: string;
  /** Whether the host reads a file of this name. */
  reads(path: string): boolean;
  /** The sources that are read together with it share this name: the path itself, or its directory. */
  moduleOf(path: string): string;
  /** Reads sources of one module. `previous` may be used again where texts are equal. */
  read(sources: readonly Source[], options: ReadOptions, previous?: Module): Module;
  /**
   * What a source refers to beyond its own module, as paths: those of folders, which end in a slash, and of files. May name
   * more than there is. Absent where sources refer to nothing.
   */
  beside?(source: Source): readonly string[];
  /** Spells the edits of one fix, all or none. Edits of one list or object are spelled together. */
  print(module: Module, edits: readonly Edit[]): readonly TextEdit[] | undefined;
  /** Other ways to write down the policy at an offset of a source; absent where the language has just one. */
  forms?(module: Module, path: string, offset: number): readonly Form[];
  /** A comment that takes back what the rule says of the text at the span; absent where the language has none, undefined where there is no place for one. */
  ignore?(module: Module, span: Span, rule: string, reason: string): TextEdit | undefined;
}
