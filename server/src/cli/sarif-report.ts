/** The report as SARIF 2.1.0, for code scanning. Pure. Source: OASIS, "Static Analysis Results Interchange Format Version 2.1.0". */

import { pageOf, shownMessage } from '../features/diagnostics.ts';
import type { FindingRecord, Place, Range } from '../features/finding-record.ts';
import type { Level } from '../finding/finding.ts';
import { RULES } from '../rules/index.ts';
import type { Report } from './report.ts';

/** One run with the metadata of every rule. `folder` is the working folder, to which the files are relative. */
export function sarifReport(report: Report, folder: string): string {
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'leastwise',
            version: report.version,
            properties: { catalog: report.catalog },
            rules: RULES.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.summary },
              helpUri: pageOf(rule.id),
              defaultConfiguration: { level: LEVELS[rule.level] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { uri: `${fileUri(folder)}/` } },
        results: report.findings.map(result),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const ROOT = 'WORKING_FOLDER';
const LEVELS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'note' };

function result(finding: FindingRecord): object {
  const { rule, level, accessAnalyzer, address, related } = finding;
  const index = RULES.findIndex((candidate) => candidate.id === rule);
  return {
    ruleId: rule,
    ...(index < 0 ? {} : { ruleIndex: index }),
    level: LEVELS[level],
    message: { text: shownMessage(finding) },
    locations: [
      {
        ...location(finding),
        ...(address === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: address }] }),
      },
    ],
    ...(related
      ? { relatedLocations: related.map((one, id) => ({ id, ...location(one), message: { text: one.message } })) }
      : {}),
    ...(accessAnalyzer === undefined ? {} : { properties: { accessAnalyzer } }),
  };
}

function location({ file, range }: Place): object {
  const outside = file.startsWith('/') || /^[A-Za-z]:\//.test(file);
  const artifactLocation = outside ? { uri: fileUri(file) } : { uri: encoded(file), uriBaseId: ROOT };
  return { physicalLocation: { artifactLocation, region: region(range) } };
}

function region({ start, end }: Range): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function fileUri(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return `file://${slashed.startsWith('/') ? '' : '/'}${encoded(slashed).replace(/^([A-Za-z])%3A/, '$1:')}`;
}

function encoded(path: string): string {
  return path
    .split('/')
    .map((name) => encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\uFFFD')))
    .join('/');
}
