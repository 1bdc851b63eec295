/** Spells the ARN of a resource of the template, alone or with letters after it: `!GetAtt B.Arn`, `!Sub "${B.Arn}/*"`, or the same in JSON. Knows only what the table tells of types. */
import type { Reference } from '../../finding/edit.ts';
import type { Thing } from '../../policy/module.ts';
import type { Spelling } from '../../value/value.ts';
import { encode, quoteOf } from '../spelling.ts';
import { type ArnWords, arnWords } from './arns.ts';
import { PSEUDO, pseudoTemplate } from './pseudo.ts';

/** How a template is written. */
export type Language = 'yaml' | 'json';

/** Undefined for what the template does not define for certain, and in texts that no `Fn::Sub` is around. */
export function referenceIn(
  things: readonly Thing[],
  reference: Reference,
  spelling: Spelling,
  language: Language,
): string | undefined {
  const said = reference.thing === PSEUDO ? pseudoWords(reference.suffix) : wordsOf(things, reference);
  if (!said) return undefined;
  const { name, by, template } = said;
  const within = spelling.layers.filter((layer) => layer !== 'yaml-flow');
  if (within.length > 0) {
    if (spelling.notation !== 'json' || !within.includes('sub')) return undefined;
    const around: Spelling = { ...spelling, layers: spelling.layers.filter((layer) => layer !== 'sub') };
    const quote = quoteOf(spelling);
    return `${quote}${encode(template, around)}${quote}`;
  }
  const whole = template === `\${${name}}`;
  if (language === 'yaml') {
    if (!whole) return `!Sub ${JSON.stringify(template)}`;
    return by === 'Ref' ? `!Ref ${name}` : `!GetAtt ${name}`;
  }
  if (!whole) return `{ "Fn::Sub": ${JSON.stringify(template)} }`;
  if (by === 'Ref') return `{ "Ref": "${name}" }`;
  return `{ "Fn::GetAtt": ["${name.replace('.', '", "')}"] }`;
}

/** A template of `Fn::Sub`, and what says the same without one where the template is nothing but that. */
interface Said {
  readonly name: string;
  readonly by: ArnWords['by'];
  readonly template: string;
}

function pseudoWords(suffix: string): Said {
  return { name: 'AWS::AccountId', by: 'Ref', template: pseudoTemplate(suffix) };
}

function wordsOf(things: readonly Thing[], reference: Reference): Said | undefined {
  const thing = things.find(({ id }) => id === reference.thing);
  const words = thing && !thing.several ? arnWords(thing.id, thing.type) : undefined;
  const template = words && templateOf(words, reference.suffix);
  return words && template !== undefined ? { name: words.name, by: words.by, template } : undefined;
}

/** The ARN with letters behind it, as a template of `Fn::Sub`. */
function templateOf({ name, tail, template }: ArnWords, suffix: string): string | undefined {
  const letters = suffix.replaceAll('${', '${!');
  if (letters.startsWith(tail)) return `\${${name}}${letters.slice(tail.length)}`;
  return template === undefined ? undefined : template + letters;
}
