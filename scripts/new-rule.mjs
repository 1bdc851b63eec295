// Begins a rule: its file, its page and its line in the registry. Overwrites nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const [id = ''] = process.argv.slice(2);
const file = join(root, `server/src/rules/${id}.ts`);
const page = join(root, `docs/rules/${id}.md`);
const registry = join(root, 'server/src/rules/index.ts');
if (!/^[a-z]+(-[a-z]+)*$/.test(id))
  fail('npm run new-rule ID: the id is in kebab-case and names the flaw, as in unknown-action');
for (const path of [file, page]) if (existsSync(path)) fail(`${path.slice(root.length)} is there already`);

const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
writeFileSync(file, ruleText());
writeFileSync(page, pageText());
writeFileSync(registry, registered(readFileSync(registry, 'utf8')));
console.log(`server/src/rules/${id}.ts, docs/rules/${id}.md and a line in server/src/rules/index.ts.`);
console.log('Next: the check, examples on the page, npm test -- --update, npm run generate, npm run mutants.');

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

function ruleText() {
  return `/** ${id}: TODO what the flaw is, and what the rule never claims. */
import type { StatementRule } from './rule.ts';

/** TODO the AWS document or fact behind it. */
export const ${name}: StatementRule = {
  id: '${id}',
  on: 'statement',
  summary: 'TODO one line',
  level: 'warning',
  subject: 'document',
  kinds: ['identity', 'resource', 'boundary', 'session'],
  effect: 'Allow',
  clause: 'Action',
  *check(statement) {
    for (const item of statement.action?.items ?? []) {
      if (item.text.flat === 'TODO') yield { message: 'TODO what \`is\` wrong', span: item.span };
    }
  },
};
`;
}

function pageText() {
  return `# ${id}

TODO one line

Level:

TODO why it matters: what happens, who is harmed, what AWS documents about it.

## Flags

\`\`\`json
{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "TODO", "Resource": "arn:aws:s3:::reports/*" }]
}
\`\`\`

\`\`\`findings
\`\`\`

\`\`\`hcl
data "aws_iam_policy_document" "example" {
  statement {
    actions   = ["TODO"]
    resources = ["arn:aws:s3:::reports/*"]
  }
}
\`\`\`

\`\`\`findings
\`\`\`

## Leaves alone

\`\`\`json
{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Deny", "Action": "TODO", "Resource": "arn:aws:s3:::reports/*" }]
}
\`\`\`

Saved by: \`Deny\` → \`Allow\`

## When to ignore it

TODO
`;
}

/** The registry with import and entry in alphabetical order. */
function registered(text) {
  const lines = text.split('\n');
  const imports = lines.filter((line) => /^import \{ \w+ \} from '\.\/[a-z-]+\.ts';$/.test(line));
  const others = lines.filter((line) => !imports.includes(line));
  const ordered = [...imports, `import { ${name} } from './${id}.ts';`].sort((a, b) =>
    a.split("'")[1].localeCompare(b.split("'")[1]),
  );
  const typeImport = others.findIndex((line) => line.includes("'./rule.ts'"));
  const before = ordered.filter((line) => line.split("'")[1] < './rule.ts');
  const after = ordered.filter((line) => line.split("'")[1] >= './rule.ts');
  others.splice(typeImport, 1, ...before, others[typeImport], ...after);
  const names = ordered.map((line) => line.split(/[{}]/)[1].trim());
  return others
    .join('\n')
    .replace(
      /(RULES: readonly Rule\[\] = )\[[^\]]*\]/,
      (_, head) => `${head}[\n${names.map((rule) => `  ${rule},\n`).join('')}]`,
    );
}
