/** Partitions: AWS's groups of Regions, read from their table. Dated knowledge: a Region that is missing may be a new one. */
import data from '../../data/partitions.json' with { type: 'json' };
import { editDistance } from './distance.ts';
import { memo } from './memo.ts';

/** The day of the table, `2026-10-01`. */
export const PARTITIONS_DATE: string = data.date;

/** The names that stand in the second field of an ARN: `aws`, `aws-cn`, `aws-us-gov` and those of secret Regions. */
export const PARTITIONS: readonly string[] = Object.keys(data.partitions);

/** The partition that the Region lies in, names of a whole partition (`aws-global`) included; undefined for what is no Region of the table. Letter case counts. */
export function partitionOf(region: string): string | undefined {
  return regions().get(region);
}

/** The Region that is meant by what is none: other letter case, an availability zone, or one mistake or two; undefined where several are as near. */
export function similarRegion(text: string): string | undefined {
  const word = text.toLowerCase().replace(/_/g, '-');
  const zone = /^(.*-\d)[a-f]$/.exec(word)?.[1];
  if (partitionOf(zone ?? word) !== undefined) return zone ?? word;
  return nearest(word, REGIONAL.test(word) ? lettersApart(word) : [...regions().keys()]);
}

/** The partition that is meant by what is none: `amazon`, `aws-gov`, `AWS`; undefined where nothing is near. */
export function similarPartition(text: string): string | undefined {
  const word = text.toLowerCase().replace(/_/g, '-');
  if (PARTITIONS.includes(word)) return word;
  if (/^(aws-?)?(us-?)?gov(cloud)?$/.test(word)) return 'aws-us-gov';
  if (/^(aws-?)?(cn|china)$/.test(word)) return 'aws-cn';
  return /^(aws.?|.aws|aw|as|ws|asw|was|amazon|amzn|)$/.test(word) ? 'aws' : undefined;
}

/** A word with the form of a Region's name. */
const REGIONAL = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

const regions = memo(
  () =>
    new Map(
      Object.entries(data.partitions).flatMap(([partition, list]) =>
        list.split(' ').map((region) => [region, partition] as const),
      ),
    ),
);

/** Regions that differ in more than their number: one of another number may be new. */
function lettersApart(word: string): readonly string[] {
  const bare = word.replace(/\d+$/, '');
  return [...regions().keys()].filter((region) => region.replace(/\d+$/, '') !== bare);
}

function nearest(word: string, among: readonly string[]): string | undefined {
  if (word.length < 6 || word.length > LONGEST) return undefined;
  for (const limit of [1, 2]) {
    const near = among.filter((region) => editDistance(word, region, limit) <= limit);
    if (near.length > 0) return near.length === 1 ? near[0] : undefined;
  }
  return undefined;
}

const LONGEST = 30;
