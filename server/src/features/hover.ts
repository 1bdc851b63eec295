/** Hover: what is worth knowing about the part of a policy under the cursor, in Markdown without HTML. Total: any path and offset give an answer or undefined. */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Finding } from '../finding/finding.ts';
import type { Span } from '../text/text.ts';
import { actionHover } from './action-hover.ts';
import { conditionPhrase, keyHover, operatorHover } from './condition-hover.ts';
import { grantHover } from './grant-hover.ts';
import { blocks, bullets, code, message } from './markdown.ts';
import { principalHover } from './principal-hover.ts';
import { resourceHover } from './resource-hover.ts';
import { elementHover, statementHover, versionHover } from './statement-hover.ts';
import { type Subject, subjectAt } from './subject.ts';

/** `span` lies in the source that was asked about. */
export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/** The hover at a UTF-16 offset of the source with that path. */
export function hoverAt(analysis: ModuleAnalysis, path: string, offset: number, catalog: Catalog): Hover | undefined {
  const subject = subjectAt(analysis, path, offset);
  const findings = findingsAt(analysis, path, offset);
  const duties = findings.filter((finding) => finding.rule === 'conflicting-duties');
  const grant = subject ? undefined : analysis.module.grants?.find(({ span }) => covers(span, path, offset));
  const markdown = blocks([
    subject && describe(subject, catalog),
    grant && grantHover(grant),
    ...duties.map(bothDuties),
    swallowedBy(analysis, findings),
  ]);
  const span = subject?.span ?? grant?.span ?? findings[0]?.span;
  return markdown === '' || !span ? undefined : { markdown, span };
}

function describe(subject: Subject, catalog: Catalog): string {
  switch (subject.kind) {
    case 'item': {
      const described =
        subject.clause.key === 'Action'
          ? actionHover(subject.item.text, catalog)
          : resourceHover(subject.item.text, catalog);
      const exception = subject.clause.negated
        ? `In ${code(`Not${subject.clause.key}`)}: the statement is about everything but this.`
        : '';
      return blocks([described, exception]);
    }
    case 'principal':
      return blocks([
        principalHover(subject.item),
        subject.clause.negated ? 'In `NotPrincipal`: the statement is about everybody but this.' : '',
      ]);
    case 'operator':
      return operatorHover(subject.condition, subject.statement);
    case 'condition-key':
      return keyHover(subject.condition, subject.statement, catalog);
    case 'condition-value':
      return `If ${conditionPhrase(subject.condition)}.`;
    case 'statement':
      return statementHover(subject.statement);
    case 'element':
      return elementHover(subject.name);
    case 'version':
      return versionHover(subject.policy);
  }
}

function findingsAt(analysis: ModuleAnalysis, path: string, offset: number): readonly Finding[] {
  return analysis.judgement.findings.filter(({ span }) => covers(span, path, offset));
}

function covers({ source, start, end }: Span, path: string, offset: number): boolean {
  return source === path && start <= offset && offset <= end;
}

/** The duties that meet in one identity, each with where it is granted. */
function bothDuties(finding: Finding): string {
  return blocks([
    `**Conflicting duties** ${message(finding.message)}`,
    bullets(finding.related.map((related) => message(related.message))),
  ]);
}

/** The smaller findings that the ones under the cursor stand for. */
function swallowedBy(analysis: ModuleAnalysis, findings: readonly Finding[]): string {
  const lines = analysis.judgement.swallowed.flatMap(({ finding, by }) =>
    'finding' in by && findings.includes(by.finding) ? [`${code(finding.rule)}: ${message(finding.message)}`] : [],
  );
  if (lines.length === 0) return '';
  const shown = lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
  return blocks(['**Part of this finding**', bullets(shown)]);
}

const MOST = 8;
