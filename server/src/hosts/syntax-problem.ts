/** What a host reports of JSON that is none. Knows nothing of where the JSON stands. */
import type { Problem } from '../finding/finding.ts';
import type { JsonProblem } from '../value/json.ts';

/** The problem as whoever shows it takes it. What every strict reader refuses is what Access Analyzer calls a JSON syntax error. */
export function syntaxProblem({ span, message, fatal }: JsonProblem): Problem {
  return { id: 'syntax', span, message, ...(fatal ? { accessAnalyzer: 'JSON_SYNTAX_ERROR' } : {}) };
}
