// What a person does with a misspelt action, in a workbench in which the packaged extension is installed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hoverOver, offerQuickFix, offerWord, openFile, save, squiggleUnder, whenGone } from './workbench.mjs';

/**
 * The tests, in order: `run` gets the `page`, the `folder` that the window is open on, and `shoot(name)`, which keeps a
 * screenshot.
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
];

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
