/**
 * Documents: policies as JSON text, for those who have nothing else. What cannot be read is `unknown`, with the reason;
 * nothing throws.
 */
import type { PolicyKind } from '../policy/module.ts';
import { readPolicy } from '../policy/read.ts';
import { sourceText } from '../text/text.ts';
import { readJson } from '../value/json.ts';
import { PLAIN_JSON } from '../value/value.ts';
import { evaluateSet } from './combine.ts';
import { type Comparison, compare } from './compare.ts';
import { type Decision, evaluate, type Judgement } from './evaluate.ts';
import { type Request, readyRequest } from './request.ts';
import { type StatementTerms, termsOf } from './terms.ts';
import type { Universe } from './universe.ts';

/** Two policies as JSON text. `kind` is what both are; without it their shape tells. */
export interface DocumentPair {
  readonly existing: string;
  readonly proposed: string;
  readonly kind?: PolicyKind | undefined;
  /** What there is in AWS, to make witnesses lifelike. */
  readonly universe?: Universe | undefined;
}

/** Policies as JSON text, by what they are attached to. Outer lists of `scps` and `rcps` are levels: root, unit, account. */
export interface DocumentSet {
  readonly identity?: readonly string[];
  readonly resource?: string;
  readonly boundary?: string;
  readonly session?: string;
  readonly scps?: readonly (readonly string[])[];
  readonly rcps?: readonly (readonly string[])[];
}

/** A request, and one policy or all that apply. */
export type DocumentQuestion = { readonly request: Request } & (
  | { readonly policy: string }
  | { readonly policies: DocumentSet }
);

/** A statement that decided: the policy by its place in the question (`policy`, `identity[0]`, `scps[1][0]`), the statement by index and Sid. */
export interface StatementRef {
  readonly policy: string;
  readonly index: number;
  readonly sid?: string;
}

/** A decision with the statements that made it. `reason` says why it is unknown where a policy could not be read. */
export interface Evaluation {
  readonly decision: Decision;
  readonly statements: readonly StatementRef[];
  readonly reason?: string;
}

/** Whether the proposed policy allows a request that the existing one does not, with such a request. */
export function compareDocuments({ existing, proposed, kind, universe }: DocumentPair): Comparison {
  const [before, after] = [readDocument(existing, kind), readDocument(proposed, kind)];
  if (typeof before === 'string') return { verdict: 'unknown', reason: `the existing policy ${before}` };
  if (typeof after === 'string') return { verdict: 'unknown', reason: `the proposed policy ${after}` };
  return compare(before, after, { universe });
}

/** What the policies say of the request. */
export function evaluateDocuments(question: DocumentQuestion): Evaluation {
  const names = new Map<StatementTerms, string>();
  const problems: string[] = [];
  const read = (text: string, name: string): readonly StatementTerms[] => {
    const statements = readDocument(text, undefined);
    if (typeof statements === 'string') {
      problems.push(`${name} ${statements}`);
      return [];
    }
    for (const statement of statements) names.set(statement, name);
    return statements;
  };
  const judgement = judge(question, read);
  const [reason] = problems;
  if (reason !== undefined && judgement.decision !== 'denied') return { decision: 'unknown', statements: [], reason };
  const statements = judgement.statements.filter(({ index }) => index >= 0);
  return { decision: judgement.decision, statements: statements.map((one) => refOf(one, names)) };
}

function refOf(statement: StatementTerms, names: ReadonlyMap<StatementTerms, string>): StatementRef {
  const { index, sid } = statement;
  return { policy: names.get(statement) ?? '', index, ...(sid === undefined ? {} : { sid }) };
}

function judge(question: DocumentQuestion, read: (text: string, name: string) => readonly StatementTerms[]): Judgement {
  const request = readyRequest(question.request);
  if ('policy' in question) return evaluate(read(question.policy, 'policy'), request);
  const { identity = [], resource, boundary, session, scps = [], rcps = [] } = question.policies;
  const one = (text: string | undefined, name: string) => (text === undefined ? undefined : read(text, name));
  const levels = (texts: readonly (readonly string[])[], name: string) =>
    texts.map((level, i) => level.map((text, j) => read(text, `${name}[${i}][${j}]`)));
  return evaluateSet(
    {
      identity: identity.map((text, i) => read(text, `identity[${i}]`)),
      resource: one(resource, 'resource'),
      boundary: one(boundary, 'boundary'),
      session: one(session, 'session'),
      scps: levels(scps, 'scps'),
      rcps: levels(rcps, 'rcps'),
    },
    request,
  );
}

/** The statements of a policy document, or what is wrong with it. */
export function readDocument(text: string, kind: PolicyKind | undefined): readonly StatementTerms[] | string {
  const span = { source: '', start: 0, end: text.length };
  const { value, problems } = readJson(sourceText('', text), span, PLAIN_JSON);
  const [problem] = problems;
  if (problem) return `is not JSON: ${problem.message}`;
  const policy = value && readPolicy({ value, kind, address: '', span, versionImplied: false });
  if (!policy) return 'is not a policy: it is no JSON object';
  if (!policy.document.entries.some(({ key }) => key.flat === 'Statement'))
    return 'is not a policy: it has no Statement';
  for (const statement of policy.statements) {
    const fault = faultOf(statement);
    if (fault) return `is not valid: statement ${statement.index + 1} ${fault}`;
  }
  const [stray] = policy.strays;
  if (stray?.reason === 'wrong-shape') return `is not valid: ${stray.name} has a value of the wrong shape`;
  return termsOf(policy);
}

type Statement = NonNullable<ReturnType<typeof readPolicy>>['statements'][number];

/** Why AWS would refuse a statement, so that nobody can say what it allows. */
function faultOf({ strays, effect, action }: Statement): string | undefined {
  const [stray] = strays;
  if (stray?.reason === 'unknown-element') return `has an element \`${stray.name}\`, which IAM does not know`;
  if (stray) return `has a value of the wrong shape in ${stray.name}`;
  if (effect.answer !== 'Allow' && effect.answer !== 'Deny') return 'has no Effect of Allow or Deny';
  return action ? undefined : 'has neither Action nor NotAction';
}
