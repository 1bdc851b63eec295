/** What a hover says of an action or a pattern for actions. Reads the catalog; never guesses what a hole holds. */
import { and, countBits, eachBit } from '../catalog/bits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type Match, matchesEverything } from '../catalog/match.ts';
import type { AccessLevel, Action, Service } from '../catalog/service.ts';
import type { Suggestion } from '../catalog/suggest.ts';
import { isPattern } from '../policy/pattern.ts';
import { displayText, hasHole, isHole, type Text } from '../text/text.ts';
import { blocks, bullets, code, counted, link, plain, series } from './markdown.ts';

/** An item of an Action or NotAction clause, in Markdown. */
export function actionHover(text: Text, catalog: Catalog): string {
  const name = text.flat;
  if (hasHole(text)) return unknownParts(text, catalog);
  if (isPattern(name))
    return blocks([`**${code(name)}** takes in:`, taken(name, catalog) || 'nothing that AWS defines.']);
  const action = catalog.action(name);
  return action ? defined(action, catalog) : undefinedAction(name, catalog);
}

/** The most dangerous first. */
const LEVELS: readonly { readonly level: AccessLevel; readonly most: number }[] = [
  { level: 'Permissions management', most: 16 },
  { level: 'Write', most: 16 },
  { level: 'Tagging', most: 6 },
  { level: 'Read', most: 10 },
  { level: 'List', most: 10 },
];

function unknownParts(text: Text, catalog: Catalog): string {
  const shown = `**${code(displayText(text))}** is known at deploy time only.`;
  const pattern = patternOf(text);
  if (/^[*?]*$/.test(pattern)) return shown;
  return blocks([shown, 'It can be any of:', taken(pattern, catalog) || 'nothing that AWS defines.']);
}

/** The text with `*` for what is not known. */
export function patternOf(text: Text): string {
  if (!hasHole(text)) return text.flat;
  return [...Array(text.flat.length).keys()].map((at) => (isHole(text, at) ? '*' : text.flat.charAt(at))).join('');
}

function defined(action: Action, catalog: Catalog): string {
  const service = catalog.service(action.service);
  const lines = action.resourceTypes.map((use) => {
    const type = service?.resourceTypes.find((candidate) => candidate.key.toLowerCase() === use.type.toLowerCase());
    const templates = (type?.arns ?? []).map(code).join(' or ');
    return `${code(use.type)}${use.required ? ' (required)' : ''}${templates ? `: ${templates}` : ''}`;
  });
  const keys = [...new Set([...action.conditionKeys, ...action.resourceTypes.flatMap((use) => use.conditionKeys)])];
  return blocks([
    `**${code(`${action.service}:${action.name}`)}** · ${plain(action.level)}${service ? ` · ${plain(service.name)}` : ''}`,
    plain(action.description),
    action.permissionOnly ? 'A permission only: no API operation has this name.' : '',
    lines.length > 0
      ? `**Resources**\n${bullets(capped(lines, 8))}`
      : 'Cannot be narrowed to single resources: only `*` fits in `Resource`.',
    keys.length > 0 ? `**Condition keys** ${series(keys.map(code), 14)}` : '',
    action.dependentActions.length > 0 ? `**Needs too** ${series(action.dependentActions.map(code), 10)}` : '',
    link('AWS documentation', action.url ?? service?.url),
  ]);
}

function capped(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];
}

function undefinedAction(name: string, catalog: Catalog): string {
  const [prefix = '', word] = name.split(':');
  const known = `the AWS data of ${plain(catalog.date)}`;
  if (word === undefined) return `**${code(name)}** is not of the form ${code('service:Action')}.`;
  if (catalog.services.length === 0) return `**${code(name)}**`;
  if (catalog.removedAction(name))
    return blocks([
      `**${code(name)}** was an action in older AWS data and is none in ${known}.`,
      guesses(catalog.suggest(name)),
    ]);
  if (catalog.service(prefix))
    return blocks([`**${code(name)}** is not an action in ${known}.`, guesses(catalog.suggest(name))]);
  const services = catalog.suggestService(prefix);
  const perhaps = services.length > 0 ? `Perhaps the service ${series(services.map(code), 4, 'or')} is meant.` : '';
  return blocks([
    `**${code(prefix)}** is not the prefix of a service in ${known}.`,
    guesses(catalog.suggest(name)) || perhaps,
  ]);
}

function guesses(suggestions: readonly Suggestion[]): string {
  const names = (kind: Suggestion['kind']) =>
    suggestions.filter((one) => one.kind === kind).map((one) => code(one.name));
  const checked = names('operation');
  const alike = [...names('spelling'), ...names('service')];
  return blocks([
    checked.length > 0 ? `AWS checks ${series(checked, 4)} for the API operation of that name.` : '',
    alike.length > 0 ? `Perhaps ${series(alike, 4, 'or')} is meant.` : '',
  ]);
}

/** The actions by access level, names first; empty where there are none. */
function taken(pattern: string, catalog: Catalog): string {
  const matches = inOrder(catalog.match(pattern));
  const total = matches.reduce((sum, match) => sum + match.count, 0);
  if (total === 0) return '';
  const lines = LEVELS.flatMap(({ level, most }) => byLevel(matches, level, most));
  const [only] = matches;
  const where = matches.length === 1 && only ? plain(only.service.name) : counted(matches.length, 'service');
  return blocks([
    bullets(lines),
    `${counted(total, 'action')} of ${where}${matchesEverything(pattern) ? ': all that AWS defines, today and tomorrow' : ''}.`,
  ]);
}

function byLevel(matches: readonly Match[], level: AccessLevel, most: number): readonly string[] {
  let count = 0;
  const names: string[] = [];
  for (const match of matches) {
    const bits = and(match.bits, match.service.levels[level]);
    count += countBits(bits);
    // Two of each service show more of what is meant than many of the first.
    const share = matches.length === 1 ? most : 2;
    for (const name of namesOf(match.service, bits, Math.min(share, most - names.length))) names.push(code(name));
  }
  if (count === 0) return [];
  const rest = count - names.length;
  return [`**${plain(level)}** ${names.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en-US')} more` : ''}`];
}

function namesOf(service: Service, bits: Uint32Array, most: number): readonly string[] {
  const names: string[] = [];
  for (const index of eachBit(bits)) {
    if (names.length >= most) break;
    names.push(`${service.prefix}:${service.names[index] ?? ''}`);
  }
  return names;
}

/** Services through which access spreads first, so that a list that is cut short shows what matters. */
const FIRST = ['iam', 'sts', 'organizations', 'kms', 's3', 'secretsmanager', 'lambda', 'ec2', 'dynamodb', 'sagemaker'];

function inOrder(matches: readonly Match[]): readonly Match[] {
  const place = (match: Match) => {
    const index = FIRST.indexOf(match.service.prefix);
    return index < 0 ? FIRST.length : index;
  };
  return matches.length < 2 ? matches : [...matches].sort((a, b) => place(a) - place(b));
}
