// Measures what a user feels: `npm run bench`. Ratios and medians, never a verdict; no test depends on it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { ensure, root } from './ensure.mjs';
import { parserOfYaml } from './yaml-parser.mjs';

ensure();
execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
const shared = join(root, '..', 'shared');
const scratch = mkdtempSync(join(tmpdir(), 'leastwise-bench-'));
const rows = [];
const row = (what, figure, aim) => rows.push([what, figure, aim]);

const ACTIONS = [
  's3:GetObject',
  's3:Put*',
  'ec2:Describe*',
  'ec2:RunInstances',
  'iam:PassRole',
  'sagemaker:CreateTrainingJob',
  'dynamodb:*',
  'sqs:SendMessage',
  'logs:*',
  'kms:Decrypt',
  'lambda:Invoke*',
  'ecr:PutImage',
];

/** What people do with a bucket. */
const BUCKET_ACTIONS = [
  's3:GetObject',
  's3:ListBucket',
  's3:PutObject',
  's3:GetObjectTagging',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListBucketVersions',
  's3:GetObjectVersion',
  's3:GetBucketLocation',
  's3:PutObjectTagging',
  's3:ListBucketMultipartUploads',
  's3:GetObjectAcl',
];

try {
  coldStart();
  throughput();
  await typing();
  await server();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const [what, figure, aim] of rows) console.log(`${what.padEnd(58)} ${figure.padEnd(44)} ${aim}`);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function timed(run) {
  const started = performance.now();
  run();
  return performance.now() - started;
}

/** Alternating, so that a busy machine slows both alike. */
function coldStart() {
  const policy = join(scratch, 'policy.json');
  const empty = join(scratch, 'empty.cjs');
  writeFileSync(policy, manyStatements(3));
  writeFileSync(empty, '');
  const bare = [];
  const ours = [];
  for (let i = 0; i < 21; i++) {
    bare.push(timed(() => spawnSync(process.execPath, [empty])));
    ours.push(timed(() => spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'check', policy])));
  }
  row(
    'command line, cold, one policy',
    `${median(ours).toFixed(0)} ms, empty Node ${median(bare).toFixed(0)} ms`,
    'within 40 ms of it',
  );
}

function throughput() {
  const folder = join(shared, 'cases', 'access-analyzer', 'recorded');
  if (!existsSync(folder)) return row('policies a second', 'skipped: no recorded cases beside the project', '2,000');
  const times = [];
  let policies = 0;
  for (let i = 0; i < 5; i++) {
    times.push(
      timed(() => {
        const { stdout } = spawnSync(
          process.execPath,
          [join(root, 'dist', 'cli.js'), 'check', '--format', 'json', folder],
          {
            maxBuffer: 1 << 28,
          },
        );
        policies = JSON.parse(stdout).policies;
      }),
    );
  }
  row(
    `${policies} recorded policies, start included`,
    `${((policies / median(times)) * 1000).toFixed(0)} a second`,
    '2,000',
  );
}

/**
 * The same policies once the code is warm and the data of their services is read, as in an editor or a watching process:
 * read from disk, with other resources, so that nothing is remembered of the statements themselves.
 */
function warm(analyze, context) {
  const cases = join(shared, 'cases', 'access-analyzer');
  if (!existsSync(cases))
    return row('policies a second, warm', 'skipped: no recorded cases beside the project', '2,000');
  const pass = (folder, change = (text) => text) => {
    let policies = 0;
    const ms = timed(() => {
      for (const kind of readdirSync(join(cases, folder)))
        for (const file of readdirSync(join(cases, folder, kind))) {
          const path = join(cases, folder, kind, file);
          const { modules } = analyze([{ path, text: change(readFileSync(path, 'utf8')) }], context);
          for (const module of modules) policies += module.policies.length;
        }
    });
    return (policies / ms) * 1000;
  };
  pass('historical');
  const cold = pass('recorded');
  const figures = Array.from({ length: 5 }, (_, i) =>
    pass('recorded', (text) => text.replace(/("arn:[^"]*)\*"/g, `$1x${i}*"`)),
  );
  row('recorded policies, services read on the way', `${cold.toFixed(0)} a second`, '');
  row('recorded policies with other resources, warm', `${median(figures).toFixed(0)} a second`, '2,000');
}

/** From a changed text to findings, through the façade, as the server does it. */
async function typing() {
  const { build } = await import('esbuild');
  const bundle = join(scratch, 'core.mjs');
  await build({
    stdin: {
      contents: `export { analyze } from './server/src/analysis.ts';
export { openCatalog } from './server/src/catalog/catalog.ts';
export { DEFAULT_CONFIG } from './server/src/config/config.ts';
export { hostOf } from './server/src/hosts/index.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    outfile: bundle,
    plugins: [parserOfYaml],
  });
  const { analyze, openCatalog, DEFAULT_CONFIG, hostOf } = await import(pathToFileURL(bundle));
  const bytes = readFileSync(join(root, 'server', 'data', 'catalog.bin'));
  const context = {
    catalog: openCatalog((offset, length) => bytes.subarray(offset, offset + length)),
    hosts: hostOf,
    config: () => DEFAULT_CONFIG,
  };
  const change = (what, path, text, from, to, aim) => {
    let analysis;
    const times = [];
    for (let i = 0; i < 41; i++) {
      const changed = text.replace(from, to + i);
      times.push(
        timed(() => {
          analysis = analyze([{ path, text: changed }], context, analysis);
        }),
      );
    }
    row(
      `change to findings, ${what}`,
      `${median(times.slice(5)).toFixed(1)} ms (first ${(times[0] ?? 0).toFixed(0)} ms)`,
      aim,
    );
  };
  warm(analyze, context);
  change('10 statements of JSON', 'a.json', manyStatements(10), '"S5', '"S5', 'under 10 ms');
  change('300 statements of JSON', 'b.json', manyStatements(300), '"S5', '"S5', 'under 50 ms');
  change('10,000 lines of HCL', 'm/main.tf', manyBlocks(10_000), '"A5', '"A5', 'under 50 ms');
}

function manyStatements(count) {
  const statements = Array.from({ length: count }, (_, i) => ({
    Sid: `S${i}`,
    Effect: 'Allow',
    Action: [ACTIONS[i % 12], ACTIONS[(i + 5) % 12], ACTIONS[(i + 7) % 12]],
    Resource: i % 3 ? '*' : [`arn:aws:s3:::bucket-${i}/*`, `arn:aws:dynamodb:eu-west-1:111122223333:table/t${i}`],
    ...(i % 4 ? {} : { Condition: { StringEquals: { 'aws:ResourceTag/team': `t${i}` } } }),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
}

function manyBlocks(lines) {
  const blocks = [];
  for (let i = 0; i * 16 < lines; i++) {
    blocks.push(`data "aws_iam_policy_document" "p${i}" {
  statement {
    sid       = "A${i}"
    actions   = ["${BUCKET_ACTIONS[i % 12]}", "${BUCKET_ACTIONS[(i + 3) % 12]}"]
    resources = [aws_s3_bucket.b${i}.arn, "\${aws_s3_bucket.b${i}.arn}/*"]
  }
}

resource "aws_s3_bucket" "b${i}" {
  bucket = "x-${i}"
  tags = {
    Team = var.team
  }
}
`);
  }
  return blocks.join('\n');
}

/** The real server over stdio: memory with many files open, and one keystroke there and back. */
async function server() {
  // As the client starts it.
  const flags = ['--max-semi-space-size=2', '--v8-pool-size=1'];
  const child = spawn(process.execPath, [...flags, join(root, 'dist', 'server.js'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  });
  const pending = new Map();
  let buffer = Buffer.alloc(0);
  let next = 0;
  child.stdout.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString());
      buffer = buffer.subarray(end + 4 + length);
      if (message.id !== undefined && message.method)
        send({
          jsonrpc: '2.0',
          id: message.id,
          result: message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null,
        });
      else pending.get(message.id)?.(message.result);
    }
  });
  const send = (message) => {
    const body = JSON.stringify(message);
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const notify = (method, params) => send({ jsonrpc: '2.0', method, params });
  const request = (method, params) =>
    new Promise((resolve) => {
      const id = ++next;
      pending.set(id, resolve);
      send({ jsonrpc: '2.0', id, method, params });
    });
  await request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
  });
  notify('initialized', {});
  const uri = (name) => pathToFileURL(join(scratch, name)).href;
  const open = (name, text) =>
    notify('textDocument/didOpen', { textDocument: { uri: uri(name), languageId: 'x', version: 1, text } });
  const texts = corpusFiles(50);
  for (const [index, text] of texts.entries()) {
    const name = text.startsWith('{') ? `f${index}.json` : `d${index}/main.tf`;
    open(name, text);
    await request('textDocument/diagnostic', { textDocument: { uri: uri(name) } });
  }
  const rss = Number(
    /VmRSS:\s+(\d+)/.exec(
      existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '',
    )?.[1] ?? 0,
  );
  row(
    `server with ${texts.length} files open`,
    rss ? `${(rss / 1024).toFixed(0)} MB` : 'not known on this system',
    'under 100 MB',
  );
  const text = manyStatements(10);
  open('typed.json', text);
  await request('textDocument/diagnostic', { textDocument: { uri: uri('typed.json') } });
  const times = [];
  for (let i = 0; i < 41; i++) {
    const started = performance.now();
    notify('textDocument/didChange', {
      textDocument: { uri: uri('typed.json'), version: i + 2 },
      contentChanges: [{ text: text.replace('"S5', `"S5${i}`) }],
    });
    await request('textDocument/diagnostic', { textDocument: { uri: uri('typed.json') } });
    times.push(performance.now() - started);
  }
  row(
    'keystroke to diagnostics through the server, 10 statements',
    `${median(times.slice(5)).toFixed(1)} ms`,
    'under 10 ms',
  );
  child.kill();
}

function corpusFiles(count) {
  const corpus = join(shared, 'corpus');
  if (!existsSync(corpus))
    return Array.from({ length: count }, (_, i) => (i % 2 ? manyStatements(20 + i) : manyBlocks(400)));
  const found = [];
  const walk = (folder) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.(json|tf)$/.test(name) && readFileSync(path, 'utf8').match(/Statement|aws_iam_policy_document/))
        found.push(path);
    }
  };
  walk(corpus);
  const step = Math.max(1, Math.floor(found.length / count));
  return found
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map((path) => readFileSync(path, 'utf8'));
}
