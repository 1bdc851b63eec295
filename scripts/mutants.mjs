// Breaks the rules on purpose, one place at a time, and runs the page of each broken rule: what the page does not notice
// is printed and wants another example, or is no difference at all. Writes nothing.
//   npm run mutants [-- ID...]   all rules, or these      --check   only empties each check; ends with 1 where a page is content
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { root } from './ensure.mjs';

/** A mutant whose page takes longer than this runs for ever; far above what any page takes. */
const PATIENCE_MS = 10_000;

/** What a comparison is turned into: its contrary, and the one that differs where both sides are equal. */
const OPPOSITE = { '===': '!==', '!==': '===', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };
const EDGE = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

if (isMainThread) await main();
else await work();

async function main() {
  const flags = process.argv.slice(2);
  const check = flags.includes('--check');
  const ids = flags.filter((flag) => !flag.startsWith('--'));
  const tally = { killed: 0, hung: 0, survivors: [], notes: [] };
  let from = 0;
  while (from >= 0) from = await runWorker({ check, ids, from }, tally);
  for (const note of tally.notes) console.log(note);
  for (const { file, line, what } of tally.survivors) console.log(`${file}:${line} survives: ${what}`);
  const total = tally.killed + tally.survivors.length;
  console.log(
    `${total} mutants, ${tally.killed} noticed (${tally.hung} by never ending), ${tally.survivors.length} survive`,
  );
  if (total === 0 || (check && tally.survivors.length > 0)) process.exitCode = 1;
}

/** Runs mutants from the `from`th on; gives the number to go on with after one that never ended, or -1. */
function runWorker(data, tally) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data });
    let current;
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!current) return;
        tally.killed += 1;
        tally.hung += 1;
        worker.removeAllListeners();
        worker.terminate().then(() => resolve(current.number + 1));
      }, PATIENCE_MS);
    };
    worker.on('message', (message) => {
      wait();
      if (message.kind === 'begin') current = message;
      else if (message.kind === 'note') tally.notes.push(message.text);
      else if (message.kind === 'killed') tally.killed += 1;
      else tally.survivors.push(message);
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve(-1);
    });
  });
}

async function work() {
  const { createLoader } = await import('./load.mjs');
  const { parseAst } = await import('vitest/node');
  const { check, ids, from } = workerData;
  const loader = createLoader();
  const { RULES } = loader.load('server/src/rules/index.ts');
  const { runPage } = loader.load('test/pages.ts');
  let number = 0;
  for (const rule of [...RULES]) {
    if (ids.length > 0 && !ids.includes(rule.id)) continue;
    const page = join(root, `docs/rules/${rule.id}.md`);
    if (!existsSync(page)) continue;
    const at = RULES.indexOf(rule);
    const markdown = readFileSync(page, 'utf8');
    const speaks = (instead) => {
      RULES[at] = instead;
      try {
        return !runPage(markdown, rule.id).next().done;
      } catch {
        return true;
      } finally {
        RULES[at] = rule;
      }
    };
    if (speaks(rule)) {
      if (from === 0) parentPort.postMessage({ kind: 'note', text: `${rule.id}: left out, its page fails as it is` });
      continue;
    }
    for (const mutant of check ? emptied(rule) : [...emptied(rule), ...mutantsOf(rule, parseAst, loader)]) {
      if (number++ < from) continue;
      parentPort.postMessage({ kind: 'begin', number: number - 1 });
      const made = mutant.make();
      const { file, line, what } = mutant;
      if (made) parentPort.postMessage(speaks(made) ? { kind: 'killed' } : { kind: 'survivor', file, line, what });
    }
  }
}

function emptied(rule) {
  if (rule.on === 'report') return [];
  const empty = { ...rule, *check() {} };
  return [{ file: `server/src/rules/${rule.id}.ts`, line: 1, what: 'the check is emptied', make: () => empty }];
}

/** The rule's file with one change each; a text that does not load makes no mutant. */
function mutantsOf(rule, parseAst, loader) {
  const file = `server/src/rules/${rule.id}.ts`;
  const text = readFileSync(join(root, file), 'utf8');
  const changes = [];
  visit(parseAst(text, { lang: 'ts' }), undefined, (node, parent) => changes.push(...changesAt(node, parent, text)));
  return changes.map(({ start, end, to }) => ({
    file,
    line: text.slice(0, start).split('\n').length,
    what: `${shortened(lineAround(text, start))}: \`${shortened(text.slice(start, end))}\` becomes \`${shortened(to)}\``,
    make: () => {
      const mutated = text.slice(0, start) + to + text.slice(end);
      const exported = Object.values(loader.evaluate(file, mutated));
      return exported.find((value) => value?.id === rule.id);
    },
  }));
}

function lineAround(text, at) {
  return text.slice(text.lastIndexOf('\n', at) + 1).split('\n')[0];
}

function shortened(text) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}

function visit(node, parent, see) {
  if (typeof node?.type !== 'string' || node.type.startsWith('TSType') || node.type.startsWith('TSInterface')) return;
  see(node, parent);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const child of value) visit(child, node, see);
    else if (value && typeof value === 'object') visit(value, node, see);
  }
}

/** The changes that are made at a node: conditions are decided, turned round, and robbed of their parts. */
function changesAt(node, parent, text) {
  const source = (part) => text.slice(part.start, part.end);
  const instead = (part, to) => ({ start: part.start, end: part.end, to });
  // Parentheses belong to no node: what is left of an expression gets its own.
  const only = (part) => instead(node, `(${source(part)})`);
  const operator = (to) => {
    const start = text.indexOf(node.operator, node.left.end);
    return { start, end: start + node.operator.length, to };
  };
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return [instead(node.test, 'true'), instead(node.test, 'false')];
    case 'LogicalExpression': {
      if (node.operator === '??') return [];
      return [only(node.left), only(node.right)];
    }
    case 'BinaryExpression':
      return [OPPOSITE[node.operator], EDGE[node.operator]].flatMap((to) => (to ? operator(to) : []));
    case 'UnaryExpression':
      return node.operator === '!' ? [only(node.argument)] : [];
    case 'Literal':
      return typeof node.value === 'boolean' && parent?.type !== 'TSLiteralType'
        ? [instead(node, String(!node.value))]
        : [];
    case 'ExpressionStatement':
      return node.expression.type === 'YieldExpression' ? [instead(node, ';')] : [];
    case 'MemberExpression': {
      const to = { some: 'every', every: 'some' }[node.property.name];
      return to ? [instead(node.property, to)] : [];
    }
    case 'Property':
      return metadata(node, instead, source);
    default:
      return [];
  }
}

/** Where a rule applies is part of it. */
function metadata(node, instead, source) {
  const name = node.key.name;
  if (name === 'effect' && node.value.type === 'Literal') return [instead(node.value, 'undefined')];
  if (name === 'kinds' && node.value.type === 'ArrayExpression') return [instead(node.value, "'all'")];
  if (name !== 'implies' || node.value.type !== 'ArrayExpression') return [];
  return node.value.elements.map((element) => instead(node.value, source(node.value).replace(source(element), "''")));
}
