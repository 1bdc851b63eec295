/**
 * Resource types: what kinds of resource an ARN of a policy, wildcards included, can be. Where in doubt it can be: a
 * `no` here is a definite one. Letter case counts, as in IAM. Source: Service Authorization Reference, "Resource types".
 */
import { globMatches, globsOverlap } from '../policy/pattern.ts';
import type { ResourceType } from './service.ts';

/** A type that an ARN can be. */
export interface ResourceTypeMatch {
  readonly type: ResourceType;
  /** The ARN has the template's form if its wildcards stand for plain names: `table/*` is a table; that it takes in indexes too is not exact. */
  readonly exact: boolean;
}

/** The template as a glob: `arn:*:s3:::*`. Wider than {@link canBe}, which knows that a bucket's name has no slash. */
export function templateGlob(template: string): string {
  return template.replace(VARIABLE, '*');
}

/**
 * Whether some ARN of the type matches the pattern. In a pattern with six fields, wildcards of the first
 * five stay within their field; in a shorter one (`arn:aws:s3*`) they may cross colons. `${...}` is a policy variable and
 * may be anything; `${*}`, `${?}`, `${$}` are the characters. Very long patterns can be anything.
 */
export function canBe(pattern: string, type: ResourceType): boolean {
  if (pattern === '*' || pattern.length > LONGEST) return true;
  const known = ANSWERS.get(type) ?? new Map<string, boolean>();
  ANSWERS.set(type, known);
  const before = known.get(pattern);
  if (before !== undefined) return before;
  if (known.size > MOST_ANSWERS) known.clear();
  const placeless = PLACELESS.test(pattern);
  const answer = type.arns.some(
    (template) =>
      !(placeless && PLACED.test(template)) &&
      !quicklyApart(pattern, template) &&
      meets(pattern, template, type.service),
  );
  known.set(pattern, answer);
  return answer;
}

const ANSWERS = new WeakMap<ResourceType, Map<string, boolean>>();
const MOST_ANSWERS = 500;

/** A quick no: both are ARNs of six fields whose plain services differ, or whose last fields begin with different letters. */
function quicklyApart(pattern: string, template: string): boolean {
  const mine = fieldsOf(pattern);
  const theirs = fieldsOf(template);
  if (!mine || !theirs) return false;
  if (mine.service !== undefined && theirs.service !== undefined && mine.service !== theirs.service) return true;
  return !mine.opening.startsWith(theirs.opening) && !theirs.opening.startsWith(mine.opening);
}

/** Field by field where both are ARNs of six fields and say the first five plainly; else letter by letter. */
function meets(pattern: string, template: string, service: string): boolean {
  const mine = fieldsOf(pattern);
  const theirs = fieldsOf(template);
  const plain =
    mine &&
    theirs &&
    !mine.head.some((field) => field.includes('$')) &&
    theirs.head.every((field) => isVariable(field) || !field.includes('$'));
  if (!plain) return overlap(tokensOf(pattern).tokens, templateOf(template, service).tokens);
  if (!theirs.head.every((field, index) => isVariable(field) || globMatches(mine.head[index] ?? '', field)))
    return false;
  const glob = mine.resource.includes('$') ? undefined : globOf(template, theirs.resource, service);
  if (glob !== undefined) return globsOverlap(mine.resource, glob);
  return overlap(tokensOf(pattern).tail, templateOf(template, service).tail);
}

function isVariable(field: string): boolean {
  return field === '*' || (field.startsWith('${') && field.indexOf('}') === field.length - 1);
}

/** What is plain in an ARN: its first five fields, its service, and the letters with which its last field begins. */
interface Fields {
  readonly head: readonly string[];
  /** The last field. */
  readonly resource: string;
  readonly service: string | undefined;
  readonly opening: string;
}

const FIELDS = new Map<string, Fields | undefined>();

function fieldsOf(arn: string): Fields | undefined {
  const known = FIELDS.get(arn);
  if (known || FIELDS.has(arn)) return known;
  if (FIELDS.size > MOST_FIELDS) FIELDS.clear();
  const fields = readFields(arn);
  FIELDS.set(arn, fields);
  return fields;
}

const MOST_FIELDS = 5000;

function readFields(arn: string): Fields | undefined {
  const [head = '', partition = '', service = '', region = '', account = '', ...rest] = arn.split(':');
  if (head !== 'arn' || rest.length === 0 || /\$\{[^}]*:/.test(arn)) return undefined;
  const resource = rest.join(':');
  const wildcard = resource.search(/[*?$]/);
  return {
    head: [head, partition, service, region, account],
    resource,
    service: /[*?$]/.test(service) ? undefined : service,
    opening: wildcard < 0 ? resource : resource.slice(0, wildcard),
  };
}

/** A pattern in tokens; `tail` is what follows the fifth colon. */
interface Tokens {
  readonly tokens: readonly Token[];
  readonly tail: readonly Token[];
}

function withTail(tokens: readonly Token[]): Tokens {
  let colons = 0;
  const end = tokens.findIndex((token) => token.letter === ':' && ++colons === 5);
  return { tokens, tail: end < 0 ? tokens : tokens.slice(end + 1) };
}

/** The last pattern's tokens: one pattern is asked about many types in a row. */
let lastPattern: ({ readonly pattern: string } & Tokens) | undefined;

function tokensOf(pattern: string): Tokens {
  if (lastPattern?.pattern !== pattern) lastPattern = { pattern, ...withTail(patternTokens(pattern)) };
  return lastPattern;
}

const TEMPLATES = new Map<string, Tokens>();

/** A template's tokens. */
function templateOf(template: string, service: string): Tokens {
  const name = `${service} ${template}`;
  const known = TEMPLATES.get(name);
  if (known) return known;
  const tokens = withTail(templateTokens(template, service, 'widest'));
  TEMPLATES.set(name, tokens);
  return tokens;
}

const GLOBS = new Map<string, Map<string, string | undefined>>();

/** A template's last field as a plain glob: most comparisons need no tokens. Undefined where a name in it bars a character. */
function globOf(template: string, resource: string, service: string): string | undefined {
  const known = GLOBS.get(service) ?? new Map<string, string | undefined>();
  GLOBS.set(service, known);
  if (known.has(template)) return known.get(template);
  const names = resource.match(VARIABLE) ?? [];
  const bars = names.some((name) => BARRED[`${service}/${name.slice(2, -1)}`] !== undefined);
  const glob = bars ? undefined : resource.replace(VARIABLE, '?*');
  known.set(template, glob);
  return glob;
}

/** Those of the types that the pattern can be: exact ones first, among them the one with more fixed letters. */
export function typesOf(pattern: string, types: readonly ResourceType[]): readonly ResourceTypeMatch[] {
  if (pattern.length > LONGEST) return [];
  // A wildcard read as a plain name: one letter, which no template spells out in place of a name.
  const plain = [...literal(pattern.replace(/\*+|\?|\$\{[^*?$}][^}]*\}/g, PLAIN))];
  return types
    .filter((type) => canBe(pattern, type))
    .map((type) => ({
      type,
      exact: type.arns.some((template) => overlap(plain, templateTokens(template, type.service, 'narrow'))),
      fixed: Math.max(0, ...type.arns.map((template) => template.replace(VARIABLE, '').length)),
    }))
    .sort((a, b) => Number(b.exact) - Number(a.exact) || b.fixed - a.fixed || (a.type.key < b.type.key ? -1 : 1))
    .map(({ type, exact }) => ({ type, exact }));
}

/** The service field of an ARN; undefined where it is missing, or has a wildcard or a variable. */
export function arnService(arn: string): string | undefined {
  const [head, , service] = arn.split(':', 3);
  return head === 'arn' && service && !/[*?$]/.test(service) ? service.toLowerCase() : undefined;
}

/** One step of a pattern: a character, or one or any number of characters that are not `barred`. */
interface Token {
  /** The character; empty for a wildcard. */
  readonly letter: string;
  readonly star: boolean;
  readonly barred: string;
}

function patternTokens(pattern: string): readonly Token[] {
  const parts = [...pattern.matchAll(/\$\{[^}]*\}|[\s\S]/g)].map(([part]) => part);
  const fields = parts.filter((part) => part === ':').length + 1;
  const tokens: Token[] = [];
  let field = 1;
  for (const part of parts) {
    const barred = fields >= 6 && field < 6 ? ':' : '';
    if (part === ':') field++;
    if (part === '*') tokens.push(star(barred));
    else if (part === '?') tokens.push({ letter: '', star: false, barred });
    else if (/^\$\{[*?$]\}$/.test(part)) tokens.push(...literal(part.charAt(2)));
    else if (part.startsWith('${')) tokens.push(star(''));
    else tokens.push(...literal(part));
  }
  return tokens;
}

/**
 * A variable in the first five fields has no colon; in the last field it has at least one character. `widest`: there it
 * may be anything but what {@link BARRED} rules out. `narrow`: moreover only the last variable may hold `/` or `:`.
 */
function templateTokens(template: string, service: string, reading: 'widest' | 'narrow'): readonly Token[] {
  const tokens: Token[] = [];
  const last = template.lastIndexOf('${');
  let colons = 0;
  for (const found of template.matchAll(/\$\{([^}]*)\}|[\s\S]/g)) {
    const [part, name] = found;
    if (part === ':') colons++;
    if (colons < 5 && (name !== undefined || part === '*')) tokens.push(star(':'));
    else if (name !== undefined) {
      const narrow = reading === 'narrow' && found.index < last ? ':/' : '';
      const barred = narrow || (BARRED[`${service}/${name}`] ?? '');
      tokens.push({ letter: '', star: false, barred }, star(barred));
    } else if (part === '*') tokens.push(star(''));
    else tokens.push(...literal(part));
  }
  return tokens;
}

/** Whether some string fits both. Work is the product of the lengths. */
function overlap(a: readonly Token[], b: readonly Token[]): boolean {
  let row = new Uint8Array(b.length + 1);
  let next = new Uint8Array(b.length + 1);
  row[0] = 1;
  for (let j = 0; j < b.length && b[j]?.star; j++) row[j + 1] = 1;
  for (const token of a) {
    next[0] = token.star ? (row[0] ?? 0) : 0;
    let alive = next[0];
    for (let j = 0; j < b.length; j++) {
      const other = b[j];
      if (!other) continue;
      // Diagonal, above and left of the cell, which is what is left of both strings.
      let fits = 0;
      if (token.star && other.star) fits = (row[j + 1] ?? 0) | (next[j] ?? 0);
      else if (token.star) fits = (row[j + 1] ?? 0) | (next[j] && compatible(token, other) ? 1 : 0);
      else if (other.star) fits = (next[j] ?? 0) | (row[j + 1] && compatible(token, other) ? 1 : 0);
      else fits = row[j] && compatible(token, other) ? 1 : 0;
      next[j + 1] = fits;
      alive |= fits;
    }
    if (alive === 0) return false;
    [row, next] = [next, row];
  }
  return row[b.length] === 1;
}

function compatible(a: Token, b: Token): boolean {
  if (a.letter !== '' && b.letter !== '') return a.letter === b.letter;
  if (a.letter !== '') return !b.barred.includes(a.letter);
  if (b.letter !== '') return !a.barred.includes(b.letter);
  return true;
}

function literal(text: string): readonly Token[] {
  return [...text].map((letter) => ({ letter, star: false, barred: '' }));
}

function star(barred: string): Token {
  return { letter: '', star: true, barred };
}

/** Characters that AWS's naming rules keep out of a name, where that tells types apart. Sources: S3 "Bucket naming rules", DynamoDB "Naming rules". */
const BARRED: Readonly<Record<string, string>> = {
  's3/BucketName': ':/',
  's3express/BucketName': ':/',
  's3-outposts/BucketName': ':/',
  'dynamodb/TableName': ':/',
};

/**
 * A resource has a region or an account where its type names one: `arn:aws:s3:::x` is no access point. One of two may be
 * missing, as in the ARNs of AWS's own documents.
 */
const PLACELESS = /^[^:]*:[^:]*:[^:]*:::/;
const PLACED = /^[^:]*:[^:]*:[^:]*:(\$\{|[^:]*:\$\{)/;

const VARIABLE = /\$\{[^}]*\}/g;
const PLAIN = 'x';
const LONGEST = 4096;
