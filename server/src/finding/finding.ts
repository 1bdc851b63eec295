/** Finding: the one result that every front end renders, with its fixes as data. Knows nothing about IAM or protocols. */
import type { Span } from '../text/text.ts';
import type { Edit } from './edit.ts';

/**
 * `error`: AWS refuses it, or it can never take effect. `warning`: it works, and an expert would stop the review.
 * `info`: same meaning in plainer form, or a risk that needs knowledge that we do not have.
 */
export type Level = 'error' | 'warning' | 'info';

/** Another place that belongs to the finding, with a clause that says why. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/**
 * What is wrong, where. `message` is one present-tense clause with the offending text in backticks. `fixes` is lazy:
 * nobody computes fixes while diagnosing.
 */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly span: Span;
  readonly related: readonly Related[];
  readonly fixes?: () => readonly Fix[];
  /** The Access Analyzer issue code that this finding stands for. */
  readonly accessAnalyzer?: string;
  readonly accessAnalyzerType?: 'ERROR' | 'SECURITY_WARNING' | 'SUGGESTION' | 'WARNING';
  /** IAM Access Analyzer itself says so too, or is the only one who says so. */
  readonly confirmed?: true;
  /** The page about it, where it is not the rule's. */
  readonly page?: string;
  /** The statement that the finding is about: its 0-based index, and its Sid where it is known. */
  readonly statement?: { readonly index: number; readonly sid?: string };
  /** How people name the policy, where it is no site of the module: one that the module calls. */
  readonly address?: string;
  /** Pairs of duties that one identity holds, by their ids; the gravest first. */
  readonly duties?: readonly (readonly [string, string])[];
  /** Text without effect, which may be greyed out. */
  readonly unnecessary?: Span;
}

/**
 * What a fix does to the set of allowed requests. `same`: nothing, today and tomorrow. `narrows`: no request is newly
 * allowed. `changes`: the author meant something else than the text says; it may newly allow what was meant.
 */
export type Safety = 'same' | 'narrows' | 'changes';

/** One way out. `title` is a verb phrase that tells what is taken away or put in. */
export interface Fix {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly Edit[];
  /** The fix that most people want; at most one of a finding. */
  readonly preferred?: boolean;
}

/** What a host can see and nobody else: an ordinary rule of the same id gives it page and level. */
export interface Problem {
  readonly id: string;
  readonly span: Span;
  readonly message: string;
  /** Only ever lowers the rule's own. */
  readonly level?: Level;
  readonly fixes?: () => readonly Fix[];
  /** The issue code of Access Analyzer, of type ERROR, for what AWS itself would say of the text. */
  readonly accessAnalyzer?: string;
}
