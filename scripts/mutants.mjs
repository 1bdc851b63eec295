// Breaks the rules on purpose, one place at a time, and runs the page of each broken rule, then the pages of `test/pages`
// that show it: what none of them notices is printed and wants another example. Ends with 1 where there is such a mutant,
// or an entry of EQUIVALENT that is not true any more. Writes nothing.
//   npm run mutants [-- ID...]   all rules, or these      --check   only empties each check, and runs the rule's own page
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { root } from './ensure.mjs';
import { EQUIVALENT } from './equivalent.mjs';

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
  const entries = check ? [] : EQUIVALENT.filter(({ rule }) => ids.length === 0 || ids.includes(rule));
  const tally = { killed: [], hung: 0, survivors: [], notes: [] };
  let from = 0;
  while (from >= 0) from = await runWorker({ check, ids, from }, tally);
  for (const note of tally.notes) console.log(note);
  const isNamed = (mutant) => entries.some((entry) => names(entry, mutant));
  const equivalent = tally.survivors.filter(isNamed);
  const survivors = tally.survivors.filter((mutant) => !isNamed(mutant));
  for (const mutant of equivalent) {
    console.log(`equivalent: ${placed(mutant)} (${entries.find((entry) => names(entry, mutant)).reason})`);
  }
  for (const mutant of survivors) console.log(`survives: ${placed(mutant)}`);
  const wrong = entries.flatMap((entry) => complaintsAbout(entry, tally));
  for (const complaint of wrong) console.log(complaint);
  const total = tally.killed.length + tally.survivors.length;
  console.log(
    `${total} mutants, ${tally.killed.length} noticed (${tally.hung} by never ending), ${equivalent.length} equivalent, ${survivors.length} survive`,
  );
  if (total === 0 || survivors.length > 0 || wrong.length > 0) process.exitCode = 1;
}

function placed({ rule, line, was, becomes, around }) {
  return `${fileOf(rule)}:${line} ${shortened(around)}: \`${shortened(was)}\` becomes \`${shortened(becomes)}\``;
}

function names(entry, mutant) {
  return entry.rule === mutant.rule && entry.was === mutant.was && entry.becomes === mutant.becomes;
}

/** An entry names one mutant, and one that nothing notices. */
function complaintsAbout(entry, { killed, survivors }) {
  const said = `EQUIVALENT, ${entry.rule}: \`${entry.was}\` becomes \`${entry.becomes}\``;
  const mutants = [...killed, ...survivors].filter((mutant) => names(entry, mutant));
  if (mutants.length !== 1) return [`${said}: ${mutants.length} mutants are so, not one`];
  return killed.some((mutant) => names(entry, mutant)) ? [`${said}: an example notices it`] : [];
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
        tally.killed.push(current);
        tally.hung += 1;
        worker.removeAllListeners();
        worker.terminate().then(() => resolve(current.number + 1));
      }, PATIENCE_MS);
    };
    worker.on('message', (message) => {
      wait();
      if (message.kind === 'begin') current = message;
      else if (message.kind === 'note') tally.notes.push(message.text);
      else if (message.kind === 'killed') tally.killed.push(current);
      else tally.survivors.push(current);
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
  const behaviour = check ? [] : behaviourPages();
  let number = 0;
  for (const rule of [...RULES]) {
    if (ids.length > 0 && !ids.includes(rule.id)) continue;
    const page = join(root, `docs/rules/${rule.id}.md`);
    if (!existsSync(page)) continue;
    const at = RULES.indexOf(rule);
    const isNoticed = (instead, { markdown, id }) => {
      RULES[at] = instead;
      try {
        return !runPage(markdown, id).next().done;
      } catch {
        return true;
      } finally {
        RULES[at] = rule;
      }
    };
    const own = { name: `${rule.id}.md`, markdown: readFileSync(page, 'utf8'), id: rule.id };
    const shown = behaviour.filter(({ markdown }) => markdown.includes(` ${rule.id} `));
    const pages = [own, ...shown].filter((one) => !isNoticed(rule, one));
    for (const one of [own, ...shown].filter((other) => from === 0 && !pages.includes(other))) {
      parentPort.postMessage({ kind: 'note', text: `${rule.id}: ${one.name} is left out, it fails as it is` });
    }
    if (!pages.includes(own)) continue;
    for (const { make, ...mutant } of check
      ? emptied(rule)
      : [...emptied(rule), ...mutantsOf(rule, parseAst, loader)]) {
      if (number++ < from) continue;
      parentPort.postMessage({ kind: 'begin', number: number - 1, rule: rule.id, ...mutant });
      const made = make();
      const noticed = !made || pages.some((one) => isNoticed(made, one));
      parentPort.postMessage({ kind: noticed ? 'killed' : 'survivor' });
    }
  }
}

function behaviourPages() {
  const folder = join(root, 'test/pages');
  const files = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return files.map((name) => ({ name, markdown: readFileSync(join(folder, name), 'utf8'), id: undefined }));
}

function fileOf(id) {
  return `server/src/rules/${id}.ts`;
}

function emptied(rule) {
  if (rule.on === 'report') return [];
  const empty = { ...rule, *check() {} };
  return [{ line: 1, around: rule.id, was: 'check', becomes: 'nothing', make: () => empty }];
}

/** The rule's file with one change each; a text that does not load makes no rule. */
function mutantsOf(rule, parseAst, loader) {
  const file = fileOf(rule.id);
  const text = readFileSync(join(root, file), 'utf8');
  const load = (changed) => Object.values(loader.evaluate(file, changed)).find((value) => value?.id === rule.id);
  if (!load(text)) throw new Error(`${file} holds no rule \`${rule.id}\``);
  const changes = [];
  visit(parseAst(text, { lang: 'ts' }), undefined, (node, parent) => changes.push(...changesAt(node, parent, text)));
  return changes.map(({ start, end, to }) => ({
    line: text.slice(0, start).split('\n').length,
    around: lineAround(text, start),
    was: onOneLine(text.slice(start, end)),
    becomes: onOneLine(to),
    make: () => {
      try {
        return load(text.slice(0, start) + to + text.slice(end));
      } catch {
        return undefined;
      }
    },
  }));
}

function lineAround(text, at) {
  return text.slice(text.lastIndexOf('\n', at) + 1).split('\n')[0];
}

function onOneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

function shortened(text) {
  const line = onOneLine(text);
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
