// Compares the engine with the solver z3 (Debian: `apt install z3`) on random pairs of policies, through standard input.
// Says `skipped` and ends well where there is no z3. Ends with 1 where they disagree. Writes nothing.
//   npm run oracle [-- COUNT [SEED]]      Z3=/path/to/z3 names another program
import { spawnSync } from 'node:child_process';
import { ensure } from './ensure.mjs';

ensure();
const { createLoader } = await import('./load.mjs');

const program = process.env.Z3 ?? 'z3';
const [count = 200, first = 1] = process.argv.slice(2).map(Number);
if (spawnSync(program, ['--version']).error) {
  console.log('oracle: skipped, there is no z3 here');
  process.exit(0);
}

const { load } = createLoader();
const { compareDocuments } = load('server/src/access/documents.ts');
const { diceOf, draw } = load('test/access/random-policies.ts');

/** Keys that are said in the solver's language; lists, dates and addresses are not, nor are variables. */
const KEYS = { s: 'String', r: 'String', t: 'String', n: 'Real' };

/** Any printable character, and any but a colon: enough letters for every class of these policies. */
const ANY = '(re.range " " "~")';
const NO_COLON = '(re.union (re.range " " "9") (re.range ";" "~"))';

const RELATIONS = {
  NumericEquals: '=',
  NumericLessThan: '<',
  NumericLessThanEquals: '<=',
  NumericGreaterThan: '>',
  NumericGreaterThanEquals: '>=',
};

const queries = [];
for (let seed = first; queries.length < count; seed++) {
  const { existing, proposed } = draw(diceOf(seed));
  const text = JSON.stringify([existing, proposed]);
  if (!text.includes('${') && !/"[mdi]":/.test(text)) queries.push({ seed, existing, proposed });
}

const started = performance.now();
const answers = queries.map(({ existing, proposed }) =>
  compareDocuments({ existing: JSON.stringify(existing), proposed: JSON.stringify(proposed) }),
);
const own = performance.now() - started;
// One process for each question: the solver may end badly on one of them.
const verdicts = queries.map((query) => {
  const { stdout } = spawnSync(program, ['-in', '-smt2', '-T:4'], { input: scriptOf(query), encoding: 'utf8' });
  const fault = /\(error .*\)/.exec(stdout ?? '');
  if (fault && !fault[0].includes('canceled')) throw new Error(`z3 does not understand the question: ${fault[0]}`);
  return /^(sat|unsat)$/m.exec(stdout ?? '')?.[1];
});

let wrong = 0;
const tally = { agree: 0, undecided: 0 };
answers.forEach((answer, i) => {
  const wanted = { sat: 'new-access', unsat: 'no-new-access' }[verdicts[i]];
  if (wanted === undefined || answer.verdict === 'unknown') tally.undecided += 1;
  else if (wanted === answer.verdict) tally.agree += 1;
  else {
    wrong += 1;
    console.error(`seed ${queries[i].seed}: z3 says ${verdicts[i]}, the engine ${JSON.stringify(answer)}`);
    console.error(JSON.stringify({ existing: queries[i].existing, proposed: queries[i].proposed }));
  }
});
const total = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `oracle: ${tally.agree} agree, ${wrong} disagree, ${tally.undecided} undecided (engine ${own.toFixed(0)} ms of ${total} s)`,
);
process.exit(wrong > 0 ? 1 : 0);

/** One question: is there a request that `proposed` allows and `existing` does not? */
function scriptOf({ existing, proposed }) {
  const declared = Object.entries(KEYS).map(
    ([key, sort]) => `(declare-const has-${key} Bool)(declare-const ${key} ${sort})`,
  );
  const part = `(re.+ ${NO_COLON})`;
  const maybe = `(re.* ${NO_COLON})`;
  const colon = '(str.to_re ":")';
  const arn = `(re.++ (str.to_re "arn:") ${part} ${colon} ${part} ${colon} ${maybe} ${colon} ${maybe} ${colon} (re.+ ${ANY}))`;
  return `(declare-const action String)(declare-const resource String)${declared.join('')}
(assert (str.in_re action (re.++ ${part} ${colon} ${part})))
(assert (or (= resource "*") (str.in_re resource ${arn})))
(assert (or (= t "true") (= t "false")))
(assert (and ${allowed(proposed)} (not ${allowed(existing)})))
(check-sat)
`;
}

function allowed({ Statement }) {
  const those = (effect) => Statement.filter(({ Effect }) => Effect === effect).map(statement);
  return `(and ${any(those('Allow'))} (not ${any(those('Deny'))}))`;
}

function any(parts) {
  return `(or false ${parts.join(' ')})`;
}

function statement({ Action, NotAction, Resource, NotResource, Condition = {} }) {
  const actions = any((Action ?? NotAction).map((text) => `(str.in_re action ${glob(text.toLowerCase(), ANY)})`));
  const resources = any((Resource ?? NotResource).map((text) => `(str.in_re resource ${inParts(text)})`));
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => condition(operator, key, values)),
  );
  return `(and ${Action ? actions : `(not ${actions})`} ${Resource ? resources : `(not ${resources})`} ${conditions.join(' ')})`;
}

function condition(operator, key, values) {
  const has = `has-${key}`;
  if (operator === 'Null') return any(values.map((value) => (value === 'true' ? `(not ${has})` : has)));
  const ifExists = operator.endsWith('IfExists');
  const base = operator.replace('IfExists', '');
  const matches = any(values.map((value) => match(base.replace('Not', ''), key, value)));
  if (base.includes('Not')) return `(or (not ${has}) (not ${matches}))`;
  return ifExists ? `(or (not ${has}) ${matches})` : `(and ${has} ${matches})`;
}

function match(operator, key, value) {
  switch (operator) {
    case 'StringEquals':
      return `(= ${key} ${quoted(value)})`;
    case 'StringEqualsIgnoreCase':
      return `(str.in_re ${key} ${joined([...value].map((x) => `(re.union (str.to_re ${quoted(x.toLowerCase())}) (str.to_re ${quoted(x.toUpperCase())}))`))})`;
    case 'StringLike':
      return `(str.in_re ${key} ${glob(value, ANY)})`;
    case 'ArnLike':
    case 'ArnEquals':
      return `(str.in_re ${key} ${inParts(value)})`;
    case 'Bool':
      return `(= ${key} ${quoted(value)})`;
    default:
      return `(${RELATIONS[operator]} ${key} ${Number(value).toFixed(3)})`;
  }
}

function inParts(text) {
  const parts = text.split(':');
  const colon = '(str.to_re ":")';
  if (parts.length >= 6) {
    const six = [...parts.slice(0, 5).map((part) => glob(part, NO_COLON)), glob(parts.slice(5).join(':'), ANY)];
    return joined(six.flatMap((part, i) => (i === 0 ? [part] : [colon, part])));
  }
  return text.endsWith('*') ? joined([glob(text.slice(0, -1), NO_COLON), `(re.* ${ANY})`]) : glob(text, NO_COLON);
}

function glob(text, character) {
  return joined(
    [...text].map((x) => (x === '*' ? `(re.* ${character})` : x === '?' ? character : `(str.to_re ${quoted(x)})`)),
  );
}

function joined(parts) {
  return parts.length === 0 ? '(str.to_re "")' : parts.length === 1 ? parts[0] : `(re.++ ${parts.join(' ')})`;
}

function quoted(text) {
  return `"${text.replaceAll('"', '""')}"`;
}
