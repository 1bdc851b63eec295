/**
 * The syntax tree of HCL, the language of Terraform files: what stands where, in plain readonly data.
 * It never says what an expression is worth; that is for whoever reads the tree.
 *
 * Every position is a UTF-16 offset into `HclFile.text`; spans are half-open.
 * Invariant: the spans of children lie inside the span of their parent, in source order.
 */

/** A half-open stretch of the text, in UTF-16 offsets. */
export interface HclSpan {
  readonly start: number;
  readonly end: number;
}

/** One text, read. Bad input gives `problems` and a tree of what could be understood, never nothing. */
export interface HclFile {
  readonly text: string;
  readonly body: Body;
  readonly problems: readonly HclProblem[];
  /** In source order, also those inside expressions. */
  readonly comments: readonly Comment[];
  /** Whether so much had to be read twice that it was given up, so that what comes first decides how the rest is read. */
  readonly isHurried?: true;
}

/** What does not follow the grammar, as one sentence without a full stop. */
export interface HclProblem {
  readonly message: string;
  readonly span: HclSpan;
}

/** `# …`, `// …` (the span ends before the newline) or a block comment, with its delimiters. */
export interface Comment {
  readonly span: HclSpan;
}

/** The attributes and blocks of a file or between a block's braces, in source order. */
export interface Body {
  readonly items: readonly BodyItem[];
}

/** What a body consists of. */
export type BodyItem = Attribute | Block;

/** `name = value`. A missing value is an empty `invalid` expression after the `=`. */
export interface Attribute {
  readonly kind: 'attribute';
  readonly name: string;
  readonly nameSpan: HclSpan;
  readonly value: Expression;
  readonly span: HclSpan;
}

/** `type "label" "label" { … }`. Unclosed, it reaches to where the next top-level block begins, or the end. */
export interface Block {
  readonly kind: 'block';
  readonly type: string;
  readonly typeSpan: HclSpan;
  readonly labels: readonly Label[];
  readonly body: Body;
  /** What lies between the braces. */
  readonly bodySpan: HclSpan;
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** A block's label: its text without quotes, as spelled; the span takes in the quotes. */
export interface Label {
  readonly text: string;
  readonly span: HclSpan;
}

/** Any expression; what could not be read is `invalid`. */
export type Expression =
  | NumberLiteral
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: HclSpan }
  | { readonly kind: 'null'; readonly span: HclSpan }
  | Template
  | Heredoc
  | List
  | ObjectExpression
  | For
  | Conditional
  | Binary
  | Unary
  | Call
  | Variable
  | Traversal
  | Paren
  | Invalid;

/** `12`, `1.5e3`; a sign is a `unary` around it. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly span: HclSpan;
}

/** A quoted string; the span takes in the quotes. Unclosed, it ends with its line. */
export interface Template {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  readonly span: HclSpan;
  readonly closed: boolean;
}

/**
 * `<<EOT` to the end of its terminator. The parts make up the value: with the last line's newline, and for `<<-` without
 * the indentation that all lines share. Strip marks (`~`) are not applied.
 */
export interface Heredoc {
  readonly kind: 'heredoc';
  readonly marker: string;
  /** Whether it is `<<-`, which takes the common indentation away. */
  readonly indented: boolean;
  readonly parts: readonly TemplatePart[];
  /** From the first line's start to the terminator line's start. */
  readonly bodySpan: HclSpan;
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** What a template consists of, in source order. */
export type TemplatePart = LiteralPart | EscapePart | InterpolationPart | DirectivePart;

/** A run of text that stands for itself, letter by letter. Never empty. */
export interface LiteralPart {
  readonly kind: 'literal';
  readonly span: HclSpan;
}

/** One escape sequence and the text that it stands for: `\n`, `\u00e9`, `$${` (which is `${`). */
export interface EscapePart {
  readonly kind: 'escape';
  readonly text: string;
  readonly span: HclSpan;
}

/** `${ … }`. What is no expression inside, such as `aws:username`, is an `invalid` expression. */
export interface InterpolationPart {
  readonly kind: 'interpolation';
  readonly expression: Expression;
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
  readonly span: HclSpan;
}

/** `%{ … }`: a flat mark; what belongs together is for the reader of the tree to pair. */
export interface DirectivePart {
  readonly kind: 'directive';
  readonly keyword: 'if' | 'else' | 'endif' | 'for' | 'endfor' | 'invalid';
  /** The condition of `if`, the collection of `for`. */
  readonly expression: Expression | undefined;
  /** The one or two names of `for`. */
  readonly variables: readonly Name[];
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
  readonly span: HclSpan;
}

/** An identifier in a place where it is only a name. */
export interface Name {
  readonly name: string;
  readonly span: HclSpan;
}

/** `[a, b]`. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** `{ a = 1, "b" : 2 }`. */
export interface ObjectExpression {
  readonly kind: 'object';
  readonly entries: readonly ObjectEntry[];
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** One entry; half-typed, its value is an empty `invalid` expression. */
export interface ObjectEntry {
  readonly key: ObjectKey;
  readonly value: Expression;
  readonly span: HclSpan;
}

/** A bare `identifier` is its own name; a `paren` is worth what it holds; else mostly a `template`. */
export type ObjectKey = BareKey | Expression;

/** A key without quotes. */
export interface BareKey {
  readonly kind: 'identifier';
  readonly name: string;
  readonly span: HclSpan;
}

/** `[for v in c : value if condition]`, or in braces `key => value`, with `...` where values of one key are grouped. */
export interface For {
  readonly kind: 'for';
  readonly form: 'list' | 'object';
  readonly variables: readonly Name[];
  readonly collection: Expression;
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly grouping: boolean;
  readonly condition: Expression | undefined;
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** `condition ? then : otherwise`. */
export interface Conditional {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly consequent: Expression;
  readonly alternative: Expression;
  readonly span: HclSpan;
}

/** HCL's binary operators. Source: HCL native syntax specification, "Operations". */
export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

/** Two operands and what stands between them. */
export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: HclSpan;
}

/** An operand with a sign before it. */
export interface Unary {
  readonly kind: 'unary';
  readonly operator: '-' | '!';
  readonly operand: Expression;
  readonly span: HclSpan;
}

/** `name(a, b...)`; the name of a provider's function is `provider::aws::arn_parse`. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: HclSpan;
  readonly arguments: readonly Expression[];
  /** Whether the last argument is expanded by `...`. */
  readonly expand: boolean;
  readonly span: HclSpan;
  readonly closed: boolean;
}

/** A name that stands alone: `foo`. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly span: HclSpan;
}

/** Something with at least one step behind it: `var.a`, `aws_s3_bucket.b[0].arn`, `f(x).y`. */
export interface Traversal {
  readonly kind: 'traversal';
  readonly root: Expression;
  readonly steps: readonly Step[];
  readonly span: HclSpan;
}

/** What follows a traversal's root. */
export type Step = AttributeStep | IndexStep | SplatStep;

/** `.name`; half-typed, the name is empty. */
export interface AttributeStep {
  readonly kind: 'attribute';
  readonly name: string;
  readonly span: HclSpan;
}

/** `[key]`, or the old spelling `.0`. */
export interface IndexStep {
  readonly kind: 'index';
  readonly key: Expression;
  readonly span: HclSpan;
}

/** `[*]` (full), or the old `.*` (attribute only). */
export interface SplatStep {
  readonly kind: 'splat';
  readonly full: boolean;
  readonly span: HclSpan;
}

/** `(…)`. */
export interface Paren {
  readonly kind: 'paren';
  readonly expression: Expression;
  readonly span: HclSpan;
}

/** What is no expression; empty where one is missing. A problem has been reported for it. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly span: HclSpan;
}
