/** Numbers in policies that are none: what YAML 1.1, which CloudFormation reads, takes for one to the base of eight. Knows no resources. */
import type { Problem } from '../../finding/finding.ts';
import { contains, type Span } from '../../text/text.ts';
import { type ScalarValue, type Value, walkValue } from '../../value/value.ts';

/** Whether the letters are a number to the base of eight. Source: YAML 1.1, "Integer Language-Independent Type". */
export function isOctal(raw: string): boolean {
  return /^[-+]?0[0-7_]*[0-7]$/.test(raw) && Number.parseInt(raw, 10) !== 0;
}

/** Such numbers in the policies at `places`, and the way out. */
export function octalProblems(documents: readonly Value[], places: readonly Span[]): readonly Problem[] {
  const found: Problem[] = [];
  for (const document of documents)
    walkValue(document, (value) => {
      const octal = value.kind === 'scalar' && isOctal(value.raw);
      if (octal && places.some((place) => contains(place, value.span))) found.push(octalProblem(value));
      return true;
    });
  return found;
}

function octalProblem(value: ScalarValue): Problem {
  const { raw, span } = value;
  const decimal = Number.parseInt(raw.replaceAll('_', ''), 8);
  return {
    id: 'octal-number',
    span,
    message: `\`${raw}\` without quotes is a number to the base of eight, which makes it \`${decimal}\``,
    fixes: () => [
      {
        title: `Put \`${raw}\` in quotes`,
        safety: 'changes',
        edits: [{ kind: 'replace', value, plain: raw }],
        preferred: true,
      },
    ],
  };
}
