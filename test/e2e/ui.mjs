// What a person does with a misspelt action, in a workbench in which the packaged extension is installed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  dialog,
  hoverOver,
  notification,
  offerQuickFix,
  offerWord,
  openFile,
  press,
  runCommand,
  save,
  squiggleUnder,
  whenGone,
} from './workbench.mjs';

/**
 * The tests, in order: `run` gets the `page`, the `folder` that the window is open on, `shoot(name)`, which keeps a
 * screenshot, and `aws`, the Access Analyzer of our own that is asked in place of AWS's.
 */
export const uiTests = [
  ...misspelling('policy.json', 's3:GetObjct', 's3:GetObject'),
  ...misspelling('main.tf', 's3:GetObjct', 's3:GetObject'),
  ...misspelling('main.tf', 's3:PutObjct', 's3:PutObject'),
  narrowing(
    'deliver.json',
    'ecr:*',
    /Narrow .* read and list actions/,
    /"ecr:BatchGetImage"/,
    /"ecr:(\*|PutImage)"/,
    'json',
  ),
  narrowing(
    'queues.tf',
    '"*"',
    /Narrow .* to .*aws_sqs_queue\.orders/,
    /resources = \[aws_sqs_queue\.orders\.arn\]/,
    /"\*"/,
    'data-block',
  ),
  narrowing(
    'queues.tf',
    'sns:*',
    /Narrow .* read and list actions/,
    /"sns:GetTopicAttributes"/,
    /"sns:(\*|Publish)"/,
    'heredoc',
  ),
  {
    name: 'restart.json: a half-typed action is completed',
    run: async ({ page, folder, shoot }) => {
      await openFile(page, 'restart.json');
      const offer = await offerWord(page, 'ecs:UpdateServ', /^ecs:UpdateService(?!Primary)/);
      await shoot('completion');
      await offer.click();
      await save(page);
      const { Statement } = JSON.parse(readFileSync(join(folder, 'restart.json'), 'utf8'));
      assert.deepEqual(Statement[0].Action, ['ecs:UpdateService']);
    },
  },
  {
    name: 'deploy.tf: AWS is asked by command, and what both say is marked in the heredoc as confirmed',
    run: async ({ page, shoot, aws }) => {
      await openFile(page, 'deploy.tf');
      await squiggleUnder(page, '*');
      assert.equal(aws.asked.length, 0);
      await runCommand(page, 'Leastwise: Ask AWS to Validate');
      await notification(page, 'AWS has answered 1 question about deploy.tf');
      assert.deepEqual(
        aws.asked.map(({ operation }) => operation),
        ['ValidatePolicy'],
      );
      await squiggleUnder(page, 'sns:Publish');
      await page.keyboard.press('Escape');
      await runCommand(page, 'Notifications: Clear All');
      await runCommand(page, 'Problems: Focus on Problems View');
      await page.locator('.markers-panel .monaco-list-row', { hasText: '(confirmed by AWS)' }).first().waitFor();
      await shoot('aws-1-problems');
      await runCommand(page, 'View: Toggle Panel Visibility');
      await hoverOver(page, 'sns:Publish', 'AWS: This check');
      await shoot('aws-2-hover');
    },
  },
  {
    name: 'deploy.tf: a question to AWS can be stopped',
    run: async ({ page, shoot, aws }) => {
      const { answer } = aws;
      aws.answer = () => 'hang';
      await openFile(page, 'deploy.tf');
      // Other words, so that AWS has not been asked about them.
      await hoverOver(page, 'Notify', 'Allow');
      await page.mouse.down();
      await page.mouse.up();
      await page.keyboard.type('x');
      const before = aws.asked.length;
      await runCommand(page, 'Leastwise: Ask AWS to Validate');
      const toast = await notification(page, 'Asking AWS');
      for (const end = Date.now() + 20_000; aws.asked.length === before && Date.now() < end; ) await pause(50);
      await notification(page, '(1 of 1)');
      // A mouse comes to rest on what has come to rest.
      await toast.hover();
      await shoot('aws-3-progress');
      await press(toast, 'Cancel');
      await toast.waitFor({ state: 'detached' });
      assert.equal(aws.asked.length, before + 1);
      aws.answer = answer;
      await page.keyboard.press('Control+Z');
      await page.keyboard.press('Control+Z');
    },
  },
  {
    name: 'deploy.tf: before AWS bills something, the user is asked',
    run: async ({ page, shoot, aws }) => {
      const before = aws.asked.length;
      await runCommand(page, 'Leastwise: Ask AWS Whether This File Grants What Nothing May Grant');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'that I name now' }).first().click();
      await page.locator('.quick-input-widget input').fill('iam:PassRole');
      await page.keyboard.press('Enter');
      const box = await dialog(page, 'AWS bills this: 1 call');
      await shoot('aws-4-consent');
      assert.equal(aws.asked.length, before);
      await press(box, 'Ask AWS');
      await notification(page, 'AWS has answered 2 questions about deploy.tf');
      assert.deepEqual(aws.asked.at(-1).body.access, [{ actions: ['iam:PassRole'] }]);
      await squiggleUnder(page, 'Ship');
      await shoot('aws-5-check');
      await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
      await page.locator('.hover-language-status', { hasText: 'AWS: default profile, eu-central-1' }).first().waitFor();
      await shoot('aws-6-status');
    },
  },
];

/** What the Access Analyzer of our own says about deploy.tf. */
export function aboutDeploy(asked, { findingOf, locationOf }) {
  if (asked.operation !== 'ValidatePolicy')
    return {
      json: {
        result: 'FAIL',
        message: 'The policy document grants access to perform one or more of the listed actions.',
        reasons: [
          { description: 'One or more of the listed actions in the statement with index: 0.', statementIndex: 0 },
        ],
      },
    };
  const at = (word, statement, element, ...rest) =>
    locationOf(asked, word, { value: 'Statement' }, { index: statement }, { value: element }, ...rest);
  const known = findingOf('PASS_ROLE_WITH_STAR_IN_RESOURCE', 'SECURITY_WARNING', at('"*"', 0, 'Resource'));
  const fresh = findingOf('CHECK_OF_TOMORROW', 'WARNING', at('"sns:Publish"', 1, 'Action'));
  return {
    json: { findings: [known, { ...fresh, findingDetails: 'This check is one that Leastwise has never heard of.' }] },
  };
}

function misspelling(file, wrong, right) {
  const shot = `${file.replace('.', '-')}-${wrong.slice(3)}`;
  return [
    {
      name: `${file}: a squiggle runs under exactly ${wrong}`,
      run: async ({ page, shoot }) => {
        await openFile(page, file);
        await squiggleUnder(page, wrong);
        await shoot(`${shot}-1-squiggle`);
      },
    },
    {
      name: `${file}: hovering over ${wrong} names ${right}`,
      run: async ({ page, shoot }) => {
        await hoverOver(page, wrong, right);
        await shoot(`${shot}-2-hover`);
      },
    },
    {
      name: `${file}: the quick fix puts ${right} in its place, on the disk too and nothing else`,
      run: async ({ page, folder, shoot }) => {
        const before = readFileSync(join(folder, file), 'utf8');
        const offer = await offerQuickFix(page, wrong, new RegExp(`Replace .*${right}`));
        await shoot(`${shot}-3-quick-fix`);
        await offer.click();
        await whenGone(page, wrong);
        await save(page);
        assert.equal(readFileSync(join(folder, file), 'utf8'), before.replace(wrong, right));
      },
    },
    {
      name: `${file}: hovering over ${right} explains it`,
      run: async ({ page, shoot }) => {
        await hoverOver(page, right, /read|write/i);
        await shoot(`${shot}-4-explained`);
      },
    },
  ];
}

/** One click narrows a statement: the words of `there` stand on the disk then, those of `gone` no longer. */
function narrowing(file, wide, title, there, gone, name) {
  return {
    name: `${file}: one click narrows ${wide} (${name})`,
    run: async ({ page, folder, shoot }) => {
      await openFile(page, file);
      await squiggleUnder(page, wide.replaceAll('"', ''));
      const offer = await offerQuickFix(page, wide, title);
      await shoot(`narrow-${name}-1-offer`);
      await offer.click();
      await page.waitForSelector('.tab.active.dirty');
      await save(page);
      await shoot(`narrow-${name}-2-done`);
      const text = readFileSync(join(folder, file), 'utf8');
      assert.match(text, there);
      assert.doesNotMatch(text, gone);
    },
  };
}
