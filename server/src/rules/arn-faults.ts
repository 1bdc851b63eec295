/** ARN faults: what is wrong with the partition, service, Region or account of an ARN by its letters alone. Wildcards and variables are never wrong. */
import type { Catalog } from '../catalog/catalog.ts';
import { PARTITIONS, PARTITIONS_DATE, partitionOf, similarPartition, similarRegion } from '../catalog/partitions.ts';
import type { Level } from '../finding/finding.ts';
import type { ArnField } from '../policy/arn-fields.ts';
import { arnTypes } from './arn-types.ts';
import { isUnfilled } from './arn-words.ts';
import { shown } from './condition-words.ts';

/** A field that is wrong: the Access Analyzer code, and what may be meant in its place. */
export interface FieldFault {
  readonly field: ArnField;
  readonly code: string;
  readonly message: string;
  readonly level: Level;
  readonly meant: string | undefined;
}

/** IAM refuses a policy with a partition that it does not know. */
export function partitionFault(field: ArnField | undefined): FieldFault | undefined {
  const literal = field?.literal;
  if (!field || literal === undefined || PARTITIONS.includes(literal)) return undefined;
  const meant = similarPartition(literal);
  const said = `\`${shown(literal)}\` is no partition known as of ${PARTITIONS_DATE}`;
  return {
    field,
    code: 'INVALID_PARTITION',
    message: literal === '' ? 'the partition of the ARN is empty' : said,
    level: meant === undefined && isUnfilled(literal) ? 'info' : 'error',
    meant,
  };
}

/** ARNs keep their letter case, and no service has capitals in its. */
export function serviceFault(field: ArnField | undefined): FieldFault | undefined {
  const literal = field?.literal ?? '';
  if (!field || !/[A-Z]/.test(literal) || /[^A-Za-z0-9-]/.test(literal)) return undefined;
  return {
    field,
    code: 'INVALID_ARN_SERVICE_CASE',
    message: `\`${shown(literal)}\` has capitals, and services in ARNs have none`,
    level: isUnfilled(literal.toLowerCase()) ? 'info' : 'error',
    meant: literal.toLowerCase(),
  };
}

/** A name that is no Region, or one of another partition than the ARN's. */
export function regionFault(field: ArnField | undefined, partition: ArnField | undefined): FieldFault | undefined {
  const literal = field?.literal;
  if (!literal) return undefined;
  const own = partitionOf(literal);
  if (own === undefined) {
    const meant = similarRegion(literal);
    const level = meant === undefined && isUnfilled(literal) ? 'info' : 'warning';
    return {
      field,
      code: INVALID_REGION,
      message: `\`${shown(literal)}\` is no Region known as of ${PARTITIONS_DATE}`,
      level,
      meant,
    };
  }
  const named = partition?.literal;
  if (named === undefined || named === own || !PARTITIONS.includes(named)) return undefined;
  const message = `\`${shown(literal)}\` is a Region of the partition \`${own}\`, not of \`${named}\``;
  return { field, code: INVALID_REGION, message, level: 'error', meant: undefined };
}

const INVALID_REGION = 'INVALID_ARN_REGION';

/** An account that has not twelve digits. AWS has names of its own for some: `aws`, and what the catalog has in templates. */
export function accountFault(
  field: ArnField | undefined,
  service: ArnField | undefined,
  catalog: Catalog,
): FieldFault | undefined {
  const literal = field?.literal;
  if (!literal || /^\d{12}$/.test(literal) || /^(aws|amazon)/.test(literal)) return undefined;
  const digits = literal.replace(/[\s-]/g, '');
  const numeric = /^\d+$/.test(digits);
  if (!numeric && isTemplateWord(literal, service?.literal, catalog)) return undefined;
  return {
    field,
    code: 'INVALID_ARN_ACCOUNT',
    message: `\`${shown(literal)}\` is no account id of twelve digits`,
    level: numeric || /^\d{6}/.test(literal) ? 'error' : 'info',
    meant: accountMeant(literal, digits),
  };
}

/** Dashes are how people group the digits, and zeros in front are what programs take off. */
function accountMeant(literal: string, digits: string): string | undefined {
  if (/^\d{12}$/.test(digits)) return digits;
  return /^\d{10,11}$/.test(literal) ? literal.padStart(12, '0') : undefined;
}

/** Whether the word is not an account: a template of the service has it there. */
function isTemplateWord(word: string, service: string | undefined, catalog: Catalog): boolean {
  const types = service ? arnTypes(service, undefined, catalog).types : [];
  return types.some(({ arns }) => arns.some((arn) => arn.split(':', 5)[4] === word));
}
