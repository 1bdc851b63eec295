/** What Terraform itself would refuse inside of policies. Silent about the rest of a file: that is other tools' business. */
import type { Problem } from '../../finding/finding.ts';
import type { Reading, Site } from '../../policy/module.ts';
import { contains } from '../../text/text.ts';
import { unescapedVariable } from '../unescaped.ts';
import { spanIn, type TerraformFile } from './file.ts';
import type { HclSpan } from './hcl/syntax.ts';

/** The problems of HCL within policies, and within what they read from elsewhere, in source order. */
export function hclProblems(
  files: readonly TerraformFile[],
  sites: readonly Site[],
  readings: readonly Reading[],
): readonly Problem[] {
  return files.flatMap((file) => {
    if (file.hcl.problems.length === 0) return [];
    const own = sites.filter((site) => site.span.source === file.source.path);
    const seen = new Set<number>();
    return file.hcl.problems.flatMap((problem): readonly Problem[] => {
      const span = spanIn(file.source, wholeOf(problem.span, file.source.text));
      const holder = own.find((candidate) => contains(candidate.span, span));
      const reading = holder ? undefined : readings.find(({ origin }) => contains(origin, span));
      const site = holder ?? (reading && sites[reading.site]);
      if (!site) return [];
      const words = file.source.text.slice(span.start, span.end);
      if (!VARIABLE.test(words)) return holder ? [{ id: 'syntax', span, message: problem.message }] : [];
      if (seen.has(span.start)) return [];
      seen.add(span.start);
      const block = holder?.value.spelling.notation === 'block';
      return [unescapedVariable(words, span, site.value, block ? 'ampersand' : 'doubled by the printer')];
    });
  });
}

/** The `${*}`, `${?}` or `${$}` that the span lies in, else the span. */
function wholeOf(span: HclSpan, text: string): HclSpan {
  const start = text.lastIndexOf('${', span.start);
  const isVariable = start >= 0 && span.end <= start + 4 && /^\$\{[*?$]\}/.test(text.slice(start, start + 4));
  return isVariable ? { start, end: start + 4 } : span;
}

/** `${aws:username}`, `${*}`: nobody writes them but for IAM to read. A shell's `${NAME:-word}` is none. */
const VARIABLE = /^\$\{\s*(?:[a-z][\w.-]*:\w[\w:/+=.@-]*[^{}]*|[*?$])\s*\}$/i;
