/** Every path of the table: found where nothing holds it back, lowered where its resources are named, silent where a step is taken away. */
import { describe, expect, test } from 'vitest';
import { type EscalationPath, escalationPaths } from '../server/src/catalog/escalation-paths.ts';
import type { Finding } from '../server/src/finding/finding.ts';
import { analyzeText, catalog } from './context.ts';

const PATHS = escalationPaths();

interface Grant {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Effect?: 'Allow' | 'Deny';
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function findings(...statements: readonly Grant[]): readonly Finding[] {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  const module = analyzeText('policy.json', JSON.stringify({ Version: '2012-10-17', Statement }), { kind: 'identity' });
  return (module?.judgement.findings ?? []).filter(({ rule }) => rule === 'privilege-escalation');
}

function levels(...statements: readonly Grant[]): readonly string[] {
  return findings(...statements).map(({ level }) => level);
}

/** An ARN of something named for each type of resource that the action takes. */
function named(action: string): readonly string[] {
  const service = catalog().service(action.split(':')[0] ?? '');
  const keys = catalog()
    .action(action)
    ?.resourceTypes.map(({ type }) => type);
  const types = service?.resourceTypes.filter(({ key }) => keys?.includes(key)) ?? [];
  const fixed: Readonly<Record<string, string>> = { Partition: 'aws', Region: 'eu-central-1', Account: '111122223333' };
  const arns = types
    .flatMap(({ arns }) => arns)
    .map((arn) => arn.replace(/\$\{(\w+)\}/g, (_, x) => fixed[x] ?? 'app-*'));
  return arns.length > 0 ? arns : ['*'];
}

const anywhere = ({ steps }: EscalationPath): readonly Grant[] => steps.map((Action) => ({ Action, Resource: '*' }));

test('the table holds the paths of the list, none of which takes all steps of another', () => {
  expect(PATHS.length).toBe(75);
  for (const a of PATHS)
    for (const b of PATHS)
      if (a !== b)
        expect(
          a.steps.every((step) => b.steps.includes(step)),
          a.steps.join(),
        ).toBe(false);
  for (const { steps, decisive, doubt } of PATHS) {
    expect(decisive.every((step) => steps.includes(step))).toBe(true);
    if (!doubt) expect(steps.filter((step) => !catalog().hasAction(step))).toEqual([]);
  }
});

describe.each(PATHS.map((path) => ({ name: path.steps.join(' + '), path })))('$name', ({ path }) => {
  test('is found in one statement and across several', () => {
    const expected = [path.doubt ? 'info' : 'warning'];
    expect(levels({ Action: path.steps, Resource: '*' })).toEqual(expected);
    expect(levels(...anywhere(path))).toEqual(expected);
  });

  test('is information at most where its resources are named', () => {
    const isGone = !path.steps.every((step) => catalog().hasAction(step));
    const expected = path.doubt && !isGone ? [] : ['info'];
    expect(levels(...path.steps.map((Action) => ({ Action, Resource: named(Action) })))).toEqual(expected);
  });

  test('is silent where a Deny takes a step away, or no condition lets it through', () => {
    for (const step of path.steps) {
      expect(levels(...anywhere(path), { Effect: 'Deny', Action: step, Resource: '*' })).toEqual([]);
      const never = {
        StringEquals: { 'aws:PrincipalTag/team': 'a' },
        StringNotEquals: { 'aws:PrincipalTag/team': 'a' },
      };
      const rest = path.steps.filter((other) => other !== step).map((Action) => ({ Action, Resource: '*' }));
      expect(levels(...rest, { Action: step, Resource: '*', Condition: never })).toEqual([]);
    }
  });

  test.runIf(path.steps.length > 1)('is silent where no one principal can take all steps', () => {
    const tagged = path.steps.map((Action, i) => ({
      Action,
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': i === 0 ? 'build' : 'run' } },
    }));
    expect(levels(...tagged)).toEqual([]);
    const same = tagged.map((statement) => ({ ...statement, Condition: tagged[0]?.Condition ?? {} }));
    expect(levels(...same).length).toBe(path.doubt ? 0 : 1);
  });

  test.runIf(path.receivers.length > 0)('is silent where the role goes to another service', () => {
    const [, ...others] = anywhere(path);
    const pass = (service: string): Grant => ({
      Action: 'iam:PassRole',
      Resource: '*',
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    });
    expect(levels(pass('lex.amazonaws.com'), ...others)).toEqual([]);
    for (const service of path.receivers) expect(levels(pass(service), ...others).length).toBe(path.doubt ? 0 : 1);
  });
});

describe('200 statements', () => {
  test('are looked at within the time of the second wave', () => {
    const many = Array.from({ length: 200 }, (_, i): Grant => {
      const path = PATHS[i % PATHS.length];
      return {
        Action: path?.steps ?? [],
        Resource: [`arn:aws:iam::111122223333:role/app-${i}/*`, `arn:aws:lambda:*:*:function:app-${i}-*`],
        Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${i}` } },
      };
    });
    const started = performance.now();
    findings(...many, { Effect: 'Deny', Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/admin-*' });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
