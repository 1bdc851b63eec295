/** Ignores that take nothing back, or no longer. Knows no files and no clock: the day comes from outside. */
import type { Problem } from '../finding/finding.ts';
import type { IgnoreDirective } from '../policy/module.ts';
import type { Config, Ignore } from './config.ts';

/**
 * The configuration's ignores that are not among `used`, and those whose last day is before `today` (`YYYY-MM-DD`).
 * Only whoever has looked at all that the configuration covers can tell the first from those of unseen files:
 * `seen` says so of one ignore. Ids are `unused-ignore`.
 */
export function unusedIgnores(
  config: Config,
  used: ReadonlySet<Ignore>,
  today: string | undefined,
  seen: (ignore: Ignore) => boolean,
): readonly Problem[] {
  return config.ignore.flatMap((ignore) => {
    if (ignore.until !== undefined && today !== undefined && today > ignore.until) {
      return [
        {
          id: 'unused-ignore',
          span: ignore.span,
          message: `the ignore of \`${ignore.rule}\` ended on ${ignore.until} and hides nothing any more`,
        },
      ];
    }
    if (used.has(ignore) || !seen(ignore)) return [];
    return [
      { id: 'unused-ignore', span: ignore.span, message: `the ignore of \`${ignore.rule}\` takes no finding back` },
    ];
  });
}

/** The comments that are not among `used`, as far as that tells that nobody needs them, and those that name no rule. Ids are `unused-ignore`. */
export function unusedDirectives(
  directives: readonly IgnoreDirective[],
  used: ReadonlySet<IgnoreDirective>,
  rules: readonly string[],
): readonly Problem[] {
  return directives.flatMap((directive) => {
    if (used.has(directive)) return [];
    const stranger = directive.rules.find((rule) => rule !== '*' && !rules.includes(rule));
    if (directive.doubtful && stranger === undefined) return [];
    const message =
      stranger === undefined
        ? `the ignore of \`${directive.rules.join(', ')}\` takes no finding back`
        : `there is no rule \`${stranger}\` to ignore`;
    return [{ id: 'unused-ignore', span: directive.span, message }];
  });
}
