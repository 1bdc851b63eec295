/** Risks: actions that nobody should be allowed on everything without thought, from a table judged by hand. Knows no policies. */
import data from '../../data/risks.json' with { type: 'json' };

/** Actions that endanger the same thing. */
export interface Risk {
  /** What their holder can do, as after "lets it": to everything of its kind, and to what is named. */
  readonly story: { readonly any: string; readonly named: string };
  /** `warning`: an expert would stop the review; `info`: some have to hold it. */
  readonly level: 'warning' | 'info';
  /** Whether it is a risk on what is named, too. */
  readonly named: boolean;
  /** Full names, as AWS spells them. */
  readonly actions: readonly string[];
}

/** The risks that a rule is about, the gravest first. */
export function risksOf(rule: string): readonly Risk[] {
  return ROWS.filter((row) => row.rule === rule).map(({ what, level, named, actions }) => ({
    story: { any: what.replace(CHOICE, '$1'), named: what.replace(CHOICE, '$2') },
    level: level === 'warning' ? 'warning' : 'info',
    named: named === true,
    actions: actions.split(' '),
  }));
}

/** The table as JSON gives it. */
interface Row {
  readonly rule: string;
  readonly what: string;
  readonly level: string;
  readonly named?: boolean;
  readonly actions: string;
}

const ROWS: readonly Row[] = data.risks;

/** `{every trail|a named trail}` in a story. */
const CHOICE = /\{([^|}]*)\|([^}]*)\}/g;
