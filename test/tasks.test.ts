/** The table of tasks: what it names must be there, and each task must be one that a statement can be narrowed to. */
import { expect, test } from 'vitest';
import { TASKS, tasksOf } from '../server/src/catalog/tasks.ts';
import { provedFixes } from '../server/src/proof.ts';
import { analyzeText, catalog } from './context.ts';

test('every action is one of the service, and takes the type that it stands under', () => {
  const broken: string[] = [];
  for (const { id, service, on, unscoped } of TASKS) {
    for (const { type, actions } of on)
      for (const name of actions) {
        const action = catalog().action(name);
        const known = catalog()
          .service(service)
          ?.resourceTypes.some(({ key }) => key === type);
        if (action?.service !== service || !known) broken.push(`${id} ${name}`);
        else if (!action.resourceTypes.some((one) => one.type === type)) broken.push(`${id} ${name} on ${type}`);
      }
    for (const name of unscoped)
      if (catalog().action(name)?.resourceTypes.length !== 0) broken.push(`${id} ${name} needs no *`);
  }
  expect(broken).toEqual([]);
  expect(new Set(TASKS.map(({ id }) => id)).size).toBe(TASKS.length);
  expect(TASKS.length).toBeGreaterThan(20);
});

test('each is offered first, and proved, where the Sid is named after it', () => {
  const missing = TASKS.filter(({ words, service, doing }) => {
    const Sid = [...words, 'x'].join(' ').replace(/ (.)/g, (_, letter: string) => letter.toUpperCase());
    const Statement = [{ Sid, Effect: 'Allow', Action: [`${service}:*`], Resource: '*' }];
    const module = analyzeText('p.json', JSON.stringify({ Version: '2012-10-17', Statement }));
    const titles = (rule: string) =>
      module?.judgement.findings
        .filter((finding) => finding.rule === rule)
        .flatMap((finding) => provedFixes(module, finding).map(({ fix }) => fix.title)) ?? [];
    const [first = ''] = titles('wildcard-action');
    const [both = ''] = titles('unscoped-resource');
    return !first.includes(`to ${doing} (`) || !both.includes(`to ${doing} on `);
  });
  expect(missing.map(({ id }) => id)).toEqual([]);
});

test('at most three are offered', () => {
  const Statement = [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }];
  const module = analyzeText('p.json', JSON.stringify({ Version: '2012-10-17', Statement }));
  const found = module?.judgement.findings.find(({ rule }) => rule === 'wildcard-action');
  const titles = module && found ? provedFixes(module, found).map(({ fix }) => fix.title) : [];
  const named = tasksOf('sagemaker').filter(({ doing }) => titles.some((title) => title.includes(`to ${doing} (`)));
  expect(tasksOf('sagemaker').length).toBeGreaterThan(3);
  expect(named).toHaveLength(3);
});
