/** What a hover says of a resource: the parts of its ARN and the types that it can be. Says nothing about whether it exists. */
import type { Catalog } from '../catalog/catalog.ts';
import { arnOf } from '../policy/arn.ts';
import { displayText, hasHole, knownText, type Text } from '../text/text.ts';
import { patternOf } from './action-hover.ts';
import { blocks, bullets, cell, code, plain, series, table } from './markdown.ts';

/** An item of a Resource or NotResource clause, in Markdown. */
export function resourceHover(text: Text, catalog: Catalog): string {
  if (knownText(text) === '*') return '**`*`** is every resource, in every account that the request can reach.';
  const arn = arnOf(text);
  if (!arn) {
    if (hasHole(text)) return `**${code(displayText(text))}** is known at deploy time only.`;
    return `**${code(text.flat)}** is not an ARN: ${code('arn:partition:service:region:account:resource')}.`;
  }
  const service = knownText(arn.service);
  const rows = [
    ['Partition', cell(displayText(arn.partition)), meaning(arn.partition, PARTITIONS[arn.partition.flat] ?? '', '')],
    [
      'Service',
      cell(displayText(arn.service)),
      meaning(arn.service, plain((service && catalog.service(service)?.name) || ''), ''),
    ],
    ['Region', cell(displayText(arn.region)), meaning(arn.region, '', 'this resource has no Region in its ARN')],
    ['Account', cell(displayText(arn.account)), meaning(arn.account, '', 'this resource has no account in its ARN')],
    ['Resource', cell(displayText(arn.resource)), meaning(arn.resource, '', '')],
  ];
  return blocks([table(['Part', 'Value', ''], rows), types(text, catalog), wildcards(text)]);
}

const PARTITIONS: Readonly<Record<string, string>> = {
  aws: 'the commercial Regions',
  'aws-cn': 'the Regions in China',
  'aws-us-gov': 'AWS GovCloud \\(US\\)',
};

function meaning(part: Text, known: string, empty: string): string {
  if (part.flat === '') return empty;
  if (hasHole(part)) return 'known in part at deploy time only';
  if (part.flat === '*') return 'any';
  return known || (/[*?]/.test(part.flat) ? 'pattern' : '');
}

function types(text: Text, catalog: Catalog): string {
  const matches = catalog.resourceTypesOf(patternOf(text));
  const exact = matches.filter((match) => match.exact);
  const shown = exact.length > 0 ? exact : matches;
  if (shown.length === 0) return '';
  const lines = shown
    .slice(0, MOST)
    .map(({ type }) => `${code(`${type.service} ${type.key}`)} ${type.arns.slice(0, 1).map(code).join('')}`);
  const more = shown.length > MOST ? [`and ${shown.length - MOST} more`] : [];
  const others = exact.length > 0 ? matches.filter((match) => !match.exact) : [];
  const wider =
    others.length > 0
      ? `Its wildcards also take in ${series(
          others.map(({ type }) => code(type.key)),
          5,
        )}.`
      : '';
  return blocks([`**${exact.length > 0 ? 'Type' : 'Can be'}**\n${bullets([...lines, ...more])}`, wider]);
}

const MOST = 5;

function wildcards(text: Text): string {
  const plain = text.flat.replace(/\$\{[^}]*\}/g, '');
  const variables = [...new Set([...text.flat.matchAll(/\$\{([^}*?$][^},]*)[^}]*\}/g)].map(([, name]) => name ?? ''))];
  return bullets([
    ...(plain.includes('*') ? ['`*` stands for any run of characters, also none, `/` included.'] : []),
    ...(plain.includes('?') ? ['`?` stands for exactly one character.'] : []),
    ...variables
      .slice(0, MOST)
      .map(
        (name) =>
          `${code(`\${${name}}`)} is filled in for each request with the value of ${code(name)}; without one the resource does not match.`,
      ),
  ]);
}
