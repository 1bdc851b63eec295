/** The tables of passed roles and of services under resource control policies name what AWS defines, each thing once. */
import { expect, test } from 'vitest';
import { roleReceivers } from '../server/src/catalog/passed-roles.ts';
import { RCP_SERVICES_DATE, supportsRcp } from '../server/src/catalog/rcp-services.ts';
import { risksOf } from '../server/src/catalog/risks.ts';
import { RISK_RULES } from '../server/src/rules/risk-rules.ts';
import { catalog } from './context.ts';

test('every action that passes a role is an action, and every receiver a service principal', () => {
  const receivers = roleReceivers();
  const actions = receivers.flatMap((receiver) => receiver.actions);
  expect(actions.filter((name) => !catalog().hasAction(name))).toEqual([]);
  expect(actions.length).toBeGreaterThan(70);
  for (const { principal, actions: mine } of receivers) {
    expect(principal).toMatch(/^[a-z0-9-]+\.amazonaws\.com$/);
    expect(new Set(mine).size, principal).toBe(mine.length);
  }
  expect(new Set(receivers.map(({ principal }) => principal)).size).toBe(receivers.length);
});

test('the services of resource control policies are services', () => {
  const supported = catalog().services.filter(supportsRcp);
  expect(supported.length, 'all that the page of AWS lists').toBe(62);
  expect(['s3', 'STS', 'kms'].every(supportsRcp)).toBe(true);
  expect(['iam', 'lambda', ''].some(supportsRcp)).toBe(false);
  expect(RCP_SERVICES_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('the table of risks names actions, each once in a rule, and speaks of every rule about them', () => {
  for (const rule of RISK_RULES) {
    const actions = risksOf(rule).flatMap((risk) => risk.actions);
    expect(actions.length, rule).toBeGreaterThan(5);
    expect(actions.filter((name) => !catalog().hasAction(name))).toEqual([]);
    expect(new Set(actions).size, rule).toBe(actions.length);
    for (const { story, named } of risksOf(rule)) if (named) expect(story.named, rule).not.toContain('every');
  }
});
