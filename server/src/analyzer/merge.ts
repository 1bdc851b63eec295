/**
 * Merge: the answers of AWS beside our own findings. Where both agree there is one finding, ours, marked as confirmed; what
 * only AWS says is a finding of its own, under AWS's code, at the very word. Pure; asks nothing.
 */
import type { ModuleAnalysis } from '../analysis.ts';
import type { Finding, Level } from '../finding/finding.ts';
import type { Policy } from '../policy/policy.ts';
import { atLeast, type Charge } from '../rules/charge.ts';
import type { Judgement } from '../rules/judge.ts';
import { contains, type Span } from '../text/text.ts';
import { nameOf, type Subject, subjectOf } from './calls.ts';
import { type Governing, isHushed } from './hushed.ts';
import type { Answered, Memory } from './memory.ts';
import { offlineResult } from './offline.ts';
import { headOf, type Place } from './place.ts';
import { CHECK_NAMES, type Saying, sayingsOf } from './sayings.ts';

/** What both say of one policy, in words, for the log. */
export interface SideBySide {
  readonly policy: string;
  readonly askedAs: string;
  readonly agreed: number;
  readonly onlyAws: readonly string[];
  readonly onlyHere: readonly string[];
  /** Checks that our own engine answers otherwise, in words. */
  readonly otherwise: readonly string[];
}

/** A module with what AWS has said of it. */
export interface Merged {
  readonly analysis: ModuleAnalysis;
  readonly sides: readonly SideBySide[];
}

/** The analysis with all that AWS has been asked about its policies; the same object where that is nothing. */
export function mergeAnswers(analysis: ModuleAnalysis, memory: Memory, governing: Governing): Merged {
  const sides: SideBySide[] = [];
  const confirmed = new Map<string, Level>();
  const added: Finding[] = [];
  for (const policy of analysis.policies) {
    const subject = subjectOf(analysis, policy);
    if (typeof subject === 'string') continue;
    const answers = memory.of(subject.key);
    if (answers.length === 0) continue;
    const one = mergePolicy(subject, answers, analysis, governing);
    for (const [finding, level] of one.confirmed) confirmed.set(finding, level);
    added.push(...one.added);
    sides.push(one.side);
  }
  if (sides.length === 0) return { analysis, sides };
  return { analysis: { ...analysis, judgement: changed(analysis.judgement, confirmed, added) }, sides };
}

function changed(judgement: Judgement, confirmed: ReadonlyMap<string, Level>, added: readonly Finding[]): Judgement {
  const replaced = new Map<Finding, Finding>();
  const now = (finding: Finding): Finding => {
    const level = confirmed.get(findingName(finding));
    if (level === undefined) return finding;
    const known = replaced.get(finding);
    if (known) return known;
    const graver = atLeast(finding.level, level) ? finding.level : level;
    const made: Finding = { ...finding, confirmed: true, level: graver };
    replaced.set(finding, made);
    return made;
  };
  return {
    ...judgement,
    findings: inOrder([...judgement.findings.map(now), ...once(added)]),
    swallowed: judgement.swallowed.map((taken) =>
      'finding' in taken.by ? { ...taken, by: { finding: now(taken.by.finding) } } : taken,
    ),
  };
}

/** Equal for findings that are the same to a reader: one literal that feeds two policies has two. */
function findingName({ rule, message, span }: Finding): string {
  return JSON.stringify([rule, message, span.source, span.start, span.end]);
}

/** What was asked about twice, since two policies read the same text, is said once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [findingName(finding), finding])).values()];
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const byLetters = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
  return [...findings].sort(
    (a, b) => byLetters(a.span.source, b.span.source) || a.span.start - b.span.start || byLetters(a.rule, b.rule),
  );
}

function mergePolicy(
  { policy, document, kind }: Subject,
  answers: readonly Answered[],
  analysis: ModuleAnalysis,
  governing: Governing,
) {
  const subject = { policy, document };
  const sayings = answers
    .flatMap(({ input, reply }) => sayingsOf(input, reply, subject))
    .map((saying) => ({ ...saying, places: atHome(saying.places, policy, analysis) }));
  const ours = analysis.judgement.charges.filter((one) => isAbout(one, policy));
  const partners = agreements(sayings, ours);
  const confirmed = new Map<string, Level>();
  const added: Finding[] = [];
  const onlyAws: string[] = [];
  let agreed = 0;
  for (const saying of sayings) {
    const found = partners.get(saying) ?? [];
    if (found.length > 0 || saying.isSeen) agreed++;
    else onlyAws.push(saying.code);
    for (const { finding } of found) {
      const shown = bigger(finding, analysis);
      const name = findingName(shown);
      // Only what AWS says itself raises a level, and nothing does that the user has set.
      const isSet = governing.config.rules.get(shown.rule)?.level !== undefined;
      const level = shown === finding && !isSet ? saying.level : 'info';
      confirmed.set(name, atLeast(confirmed.get(name) ?? 'info', level) ? (confirmed.get(name) ?? 'info') : level);
    }
    const finding = found.length > 0 ? undefined : findingOf(saying, policy);
    if (finding && !isHushed(finding, policy, analysis, governing)) added.push(finding);
  }
  const shared = new Set([...partners.values()].flat());
  const wasValidated = answers.some(({ reply }) => reply.kind === 'findings');
  const onlyHere = ours.filter((one) => wasValidated && one.finding.accessAnalyzer !== undefined && !shared.has(one));
  const side: SideBySide = {
    policy: nameOf(policy),
    askedAs: [kind.policyType, ...(kind.validateAs === undefined ? [] : [kind.validateAs])].join(' of '),
    agreed,
    onlyAws,
    onlyHere: onlyHere.map(({ finding }) => `${finding.rule} (${finding.accessAnalyzer})`),
    otherwise: answers.flatMap((one) => answeredOtherwise(one, policy)),
  };
  return { confirmed, added, side };
}

function answeredOtherwise({ input, reply }: Answered, { kind }: Policy): readonly string[] {
  const own = reply.kind === 'check' ? offlineResult(input, kind) : 'unknown';
  if (reply.kind !== 'check' || own === 'unknown' || own === reply.result) return [];
  return [`${CHECK_NAMES[input.operation]}: ${reply.result} by AWS, ${own} by Leastwise`];
}

/** What stands in the text of another module is said at the head of the document, with that place beside it. */
function atHome(places: readonly Place[], policy: Policy, { module }: ModuleAnalysis): readonly Place[] {
  const isOwn = ({ span }: Place) => module.sources.some(({ path }) => path === span.source);
  const own = places.filter(isOwn);
  return [...(own.length > 0 ? own : [headOf(policy)]), ...places.filter((place) => !isOwn(place))];
}

/** What AWS confirms of a finding that is part of a bigger one, it confirms of the bigger one. */
function bigger(finding: Finding, analysis: ModuleAnalysis): Finding {
  const taken = analysis.judgement.swallowed.find((one) => one.finding === finding);
  return taken && 'finding' in taken.by ? bigger(taken.by.finding, analysis) : finding;
}

function isAbout({ policy: about, finding }: Charge, policy: Policy): boolean {
  return about === policy || (about === undefined && contains(policy.site.span, finding.span));
}

/** For each saying the findings of ours that say the same: at the same words, else of the same statement, else of the same policy. */
function agreements(sayings: readonly Saying[], ours: readonly Charge[]): ReadonlyMap<Saying, readonly Charge[]> {
  const partners = new Map<Saying, readonly Charge[]>();
  const taken = new Set<Charge>();
  const pass = (fits: (saying: Saying, one: Charge) => boolean) => {
    for (const saying of sayings) {
      if (partners.has(saying)) continue;
      const found = ours.filter((one) => !taken.has(one) && saying.isLike(one.finding) && fits(saying, one));
      if (found.length > 0) partners.set(saying, found);
    }
    for (const found of partners.values()) for (const one of found) taken.add(one);
  };
  pass((saying, { finding }) => saying.places.some(({ span }) => overlaps(span, finding.span)));
  pass((saying, { statement }) =>
    saying.places.some((place) => place.statement !== undefined && place.statement === statement?.index),
  );
  pass((saying, { statement }) => statement === undefined || saying.places.every(({ grain }) => grain === 'document'));
  return partners;
}

function overlaps(a: Span, b: Span): boolean {
  return a.source === b.source && a.start < b.end && b.start < a.end;
}

function findingOf(saying: Saying, policy: Policy): Finding | undefined {
  const [first, ...rest] = saying.places;
  if (!first) return undefined;
  const standsFor = saying.places.find((place) => place.standsFor !== undefined)?.standsFor;
  const note = standsFor === undefined ? '' : ` (AWS was asked with a stand-in for ${standsFor})`;
  const statement = policy.statements.find(({ index }) => index === first.statement);
  const sid = statement?.sid?.text.flat;
  return {
    rule: saying.code,
    level: saying.level,
    message: `AWS: ${saying.message}${note}`,
    span: first.span,
    related: rest.map(({ span }) => ({ span, message: 'this belongs to it' })),
    ...(saying.type === undefined ? {} : { accessAnalyzer: saying.code }),
    ...(isKnownType(saying.type) ? { accessAnalyzerType: saying.type } : {}),
    ...(statement ? { statement: { index: statement.index, ...(sid === undefined ? {} : { sid }) } } : {}),
    ...(saying.page === undefined ? {} : { page: saying.page }),
  };
}

function isKnownType(type: string | undefined): type is NonNullable<Finding['accessAnalyzerType']> {
  return type === 'ERROR' || type === 'SECURITY_WARNING' || type === 'WARNING' || type === 'SUGGESTION';
}
