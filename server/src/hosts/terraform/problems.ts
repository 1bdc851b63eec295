/** What Terraform itself would refuse inside of policies. Silent about the rest of a file: that is other tools' business. */
import type { Fix, Problem } from '../../finding/finding.ts';
import type { Site } from '../../policy/module.ts';
import { contains, type Span } from '../../text/text.ts';
import { type TextValue, walkValue } from '../../value/value.ts';
import { spanIn, type TerraformFile } from './file.ts';

/** The problems of HCL within policies, in source order. */
export function hclProblems(files: readonly TerraformFile[], sites: readonly Site[]): readonly Problem[] {
  return files.flatMap((file) => {
    if (file.hcl.problems.length === 0) return [];
    const own = sites.filter((site) => site.span.source === file.source.path);
    return file.hcl.problems.flatMap((problem): readonly Problem[] => {
      const span = spanIn(file.source, problem.span);
      const site = own.find((candidate) => contains(candidate.span, span));
      if (!site) return [];
      const words = file.source.text.slice(span.start, span.end);
      return VARIABLE.test(words) ? [unescaped(words, span, site)] : [{ id: 'syntax', span, message: problem.message }];
    });
  });
}

const VARIABLE = /^\$\{\s*(?:[a-z][\w-]*:[\w:/+=.@-]+[^{}]*|[*?$])\s*\}$/i;

/** One of IAM's own variables that Terraform takes for one of its expressions. */
function unescaped(words: string, span: Span, site: Site): Problem {
  return {
    id: 'syntax',
    span,
    message: `Terraform reads \`${words}\` as its own expression and refuses it; IAM's variable is written \`$${words}\``,
    fixes: () => escaping(words, span, site),
  };
}

function escaping(words: string, span: Span, site: Site): readonly Fix[] {
  const fixes: Fix[] = [];
  walkValue(site.value, (value) => {
    const at = value.kind === 'text' ? placeIn(value, span) : undefined;
    if (value.kind === 'text' && at !== undefined) {
      const edits = [{ kind: 'rewrite', value, from: at, to: at + words.length, text: words } as const];
      fixes.push({ title: `Write \`$${words}\``, safety: 'changes', edits, preferred: true });
    }
    return true;
  });
  return fixes.slice(0, 1);
}

/** The offset in the value's text of the letters at the span. */
function placeIn(value: TextValue, span: Span): number | undefined {
  for (const part of value.text.parts) {
    if (part.kind === 'same' && contains(part.span, span)) return part.at + span.start - part.span.start;
  }
  return undefined;
}
