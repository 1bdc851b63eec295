// Hovers, outline, status and Markdown as text in, text out. `<|>` marks the cursor.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { DEFAULT_CONFIG } from '../server/src/config/config.ts';
import { fixesIn } from '../server/src/features/actions.ts';
import { shownFindings } from '../server/src/features/diagnostics.ts';
import { globalKeyText } from '../server/src/features/global-keys.ts';
import { hoverAt } from '../server/src/features/hover.ts';
import { cell, code, link, message, plain, series } from '../server/src/features/markdown.ts';
import { operatorText, whenMissing } from '../server/src/features/operator-text.ts';
import { statusOf } from '../server/src/features/status.ts';
import { type OutlineSymbol, symbolsOf } from '../server/src/features/symbols.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import { operatorOf } from '../server/src/policy/condition.ts';
import { sourceText } from '../server/src/text/text.ts';
import { analyzeText, type Circumstances, catalog, configOf } from './context.ts';

function analyzed(path: string, text: string, circumstances: Circumstances = {}): ModuleAnalysis {
  const analysis = analyzeText(path, text, circumstances);
  if (!analysis) throw new Error(`no host reads ${path}`);
  return analysis;
}

/** The hover at the cursor; empty where there is none. */
function hover(marked: string, path = 'policy.json'): string {
  const offset = marked.indexOf('<|>');
  if (offset < 0) throw new Error('no cursor');
  const text = marked.replace('<|>', '');
  return hoverAt(analyzed(path, text), path, offset, catalog())?.markdown ?? '';
}

/** A policy of one statement. */
function policy(statement: string): string {
  return `{ "Version": "2012-10-17", "Statement": [{ ${statement} }] }`;
}

const allow = (action: string, resource = '"*"') =>
  policy(`"Effect": "Allow", "Action": ${action}, "Resource": ${resource}`);

describe('Markdown from foreign text', () => {
  test.each([
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``x``', '``` ``x`` ```'],
    ['line\r\nbreak', '`line break`'],
    ['', '*(empty)*'],
    ['a\u202Eb', '`ab`'],
  ])('code %j', (text, expected) => expect(code(text)).toBe(expected));

  test.each([
    ['[x](command:evil)', '\\[x\\]\\(command\\:evil\\)'],
    ['![i](http://x)', '\\!\\[i\\]\\(http\\:\\/\\/x\\)'],
    ['<b onclick=1>&amp;', '\\<b onclick\\=1\\>\\&amp\\;'],
    ['# a\n- b | c', '\\# a \\- b \\| c'],
    ['https://a.b www.c.d', 'https\\:\\/\\/a\\.b www\\.c\\.d'],
  ])('plain %j', (text, expected) => expect(plain(text)).toBe(expected));

  test('a bar ends no cell of a table', () => {
    expect(cell('a|b')).toBe('a\\|b');
    expect(cell('a\\|b')).toBe('a\\\\\\|b');
    expect(cell('ab')).toBe('`ab`');
  });

  test('only https addresses without surprises are linked', () => {
    expect(link('a]b', 'https://docs.aws.amazon.com/x/y.html#z')).toBe(
      '[a\\]b](https://docs.aws.amazon.com/x/y.html#z)',
    );
    for (const address of ['http://x.y/', 'command:x', 'https://x.y/a b', 'https://x.y/)', undefined]) {
      expect(link('a', address)).toBe('a');
    }
  });

  test('messages keep their code and escape the rest', () => {
    expect(message('`s3:*` grants <all>')).toBe('`s3:*` grants \\<all\\>');
    expect(message('odd ` one')).toBe('odd \\` one');
    expect(series(['a', 'b', 'c'])).toBe('a, b and c');
    expect(series(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more');
  });

  test('whatever the text, no mark of Markdown or HTML is left bare outside of code', () => {
    let escaped = 0;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`*_[](){}<>|!#~&\\\n\u202E.:-a é\uD83D\uDE00') }), (text) => {
        const bare = plain(text).replace(/\\[!-/:-@[-`{-~]/g, () => {
          escaped++;
          return '';
        });
        expect(bare).not.toMatch(/[!-/:-@[-`{-~\n\r]/);
        const fenced = code(text);
        const fence = /^`+/.exec(fenced)?.[0] ?? '';
        const inside = fence === '' ? '' : fenced.slice(fence.length, -fence.length);
        expect(inside).not.toContain('\n');
        if (fence !== '') expect([...inside.matchAll(/`+/g)].every(([run]) => run.length !== fence.length)).toBe(true);
      }),
    );
    expect(escaped).toBeGreaterThan(20);
  });
});

describe('hover on an action', () => {
  test('tells level, description, resources, keys and page', () => {
    const text = hover(allow('"s3:Get<|>Object"'));
    expect(text).toContain('**`s3:GetObject`** · Read · Amazon S3');
    expect(text).toContain('- `object`: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`');
    expect(text).toContain('**Condition keys** `s3:');
    expect(text).toMatch(/\[AWS documentation\]\(https:\/\/docs\.aws\.amazon\.com\//);
  });

  test('marks required resources and what is needed too', () => {
    const text = hover(allow('["sagemaker:CreateTraining<|>Job"]'));
    expect(text).toContain('`training-job` (required)');
    expect(text).toContain('**Needs too** `iam:PassRole`');
  });

  test('says when only * fits', () => {
    expect(hover(allow('"s3:ListAll<|>MyBuckets"'))).toContain('only `*` fits in `Resource`');
  });

  test('guesses softly, and knows operations of the API', () => {
    expect(hover(allow('"s3:GetObj<|>ct"'))).toMatch(
      /is not an action in the AWS data of [\d\\-]+\.\n\nPerhaps `s3:GetObject` is meant\./,
    );
    expect(hover(allow('"s3:List<|>Objects"'))).toContain(
      'AWS checks `s3:ListBucket` for the API operation of that name.',
    );
    expect(hover(allow('"lamda:Invoke<|>Function"'))).toContain('`lambda:InvokeFunction`');
  });

  test('wildcards name what they take in, the gravest level first', () => {
    const text = hover(allow('"s3:Put*<|>"'));
    expect(text).toMatch(/takes in:\n\n- \*\*Permissions management\*\* `s3:Put.*\n- \*\*Write\*\* `s3:Put/);
    expect(text).toMatch(/\d+ actions of Amazon S3\.\n/);
  });

  test('* names some of the gravest of all services and says how many more', () => {
    const text = hover(allow('"*<|>"'));
    expect(text).toMatch(/- \*\*Permissions management\*\* `iam:[A-Za-z]+`, `iam:[A-Za-z]+`, .* and [\d,]+ more/);
    expect(text).toContain('all that AWS defines, today and tomorrow');
    expect(text.length).toBeLessThan(4000);
  });

  test('a pattern that takes in nothing says so', () => {
    expect(hover(allow('"s3:Fly*<|>"'))).toContain('nothing that AWS defines');
  });

  test('in NotAction it says that all else is meant', () => {
    expect(hover(policy('"Effect": "Deny", "NotAction": "iam:Get<|>User", "Resource": "*"'))).toContain(
      'everything but this',
    );
  });

  test('what is known at deploy time only is shown as such', () => {
    const text = hover(
      'data "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["s3:${var.what}<|>Object"]\n    resources = ["*"]\n  }\n}\n',
      'main.tf',
    );
    expect(text).toContain('`s3:${var.what}Object`** is known at deploy time only');
    expect(text).toContain('`s3:PutObject`');
  });
});

describe('hover on a resource', () => {
  test('shows the parts and the type', () => {
    const text = hover(allow('"sqs:SendMessage"', '"arn:aws:sqs:*:111122223333:jobs-*<|>"'));
    expect(text).toContain('| Region | `*` | any |');
    expect(text).toContain('| Account | `111122223333` |  |');
    expect(text).toContain('| Service | `sqs` | Amazon SQS |');
    expect(text).toContain('**Type**\n- `sqs queue`');
    expect(text).toContain('stands for any run of characters');
  });

  test('explains variables and empty parts', () => {
    const text = hover(allow('"s3:GetObject"', '"arn:aws:s3:::<|>b/${aws:username}/*"'));
    expect(text).toContain('| Region | *(empty)* | this resource has no Region in its ARN |');
    expect(text).toContain('`${aws:username}` is filled in for each request');
  });

  test('* and what is no ARN', () => {
    expect(hover(allow('"s3:GetObject"', '"*<|>"'))).toContain('every resource');
    expect(hover(allow('"s3:GetObject"', '"bucket<|>"'))).toContain('is not an ARN');
  });

  test('a bar in a name does not break the table', () => {
    const rows = hover(allow('"s3:GetObject"', '"arn:aws:s3:::a|b<|>"'))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(7);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(5);
  });
});

describe('hover on a condition', () => {
  const when = (condition: string, effect = 'Allow') =>
    policy(`"Effect": "${effect}", "Action": "s3:GetObject", "Resource": "*", "Condition": ${condition}`);

  test.each([
    [
      '{ "StringEquals<|>": { "aws:PrincipalOrgID": "o-1" } }',
      'Allow',
      'the condition fails: the Allow does not apply',
    ],
    [
      '{ "StringNotEquals<|>": { "aws:PrincipalOrgID": "o-1" } }',
      'Deny',
      'the condition holds, since the operator is negated: the Deny applies',
    ],
    [
      '{ "BoolIfExists<|>": { "aws:MultiFactorAuthPresent": "false" } }',
      'Deny',
      'the condition holds: the Deny applies',
    ],
    ['{ "ForAllValues:StringEquals<|>": { "aws:TagKeys": "a" } }', 'Allow', 'A request without the key passes too'],
    ['{ "ForAnyValue:StringEquals<|>": { "aws:TagKeys": "a" } }', 'Allow', 'the condition fails'],
    [
      '{ "ForAnyValue:StringNotEquals<|>": { "aws:TagKeys": "a" } }',
      'Deny',
      'the condition fails: the Deny does not apply',
    ],
    [
      '{ "Null<|>": { "aws:TagKeys": "true" } }',
      'Allow',
      'If the request does not carry the key** the condition holds',
    ],
    [
      '{ "Null<|>": { "aws:TagKeys": "false" } }',
      'Allow',
      'If the request does not carry the key** the condition fails',
    ],
    ['{ "StringEqual<|>": { "aws:TagKeys": "a" } }', 'Allow', 'is not a condition operator'],
  ])('operator %s in %s', (condition, effect, expected) => expect(hover(when(condition, effect))).toContain(expected));

  test('a key tells what it is, when it is there, and what its absence does', () => {
    const text = hover(when('{ "IpAddress": { "aws:Source<|>Ip": "10.0.0.0/8" } }'));
    expect(text).toContain('**`aws:SourceIp`** · IPAddress');
    expect(text).toContain('**Present** Not if the request comes through a VPC endpoint');
    expect(text).toContain('the condition fails: the Allow does not apply');
  });

  test('keys of services come from AWS, tags from the pattern of their key', () => {
    expect(hover(when('{ "StringLike": { "s3:pre<|>fix": "a" } }'))).toContain('Filters access by key name prefix');
    expect(hover(when('{ "StringLike": { "aws:ResourceTag/te<|>am": "a" } }'))).toContain(
      'The tag that the resource carries',
    );
    expect(hover(when('{ "StringLike": { "zzz:no<|>ne": "a" } }'))).toContain('Not among the condition keys');
  });

  test('every global key of the catalog has our words, and an operator its own', () => {
    const keys = catalog().globalKeys.map((key) => key.name);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((name) => !globalKeyText(name))).toEqual([]);
    for (const name of ['StringNotLike', 'NotIpAddress', 'ArnNotEquals', 'DateLessThanEquals', 'Bool', 'Null']) {
      const operator = operatorOf(sourceText('', name));
      expect(operator && operatorText(operator).meaning, name).toMatch(/\.$|that it must\.$/);
      expect(operator && whenMissing(operator)).toBe(
        name === 'Null' ? 'by value' : name.includes('Not') ? 'holds' : 'fails',
      );
    }
  });

  test('a value repeats the condition in words', () => {
    expect(hover(when('{ "IpAddress": { "aws:SourceIp": ["10.0.0.<|>0/8", "192.0.2.0/24"] } }'))).toBe(
      'If `aws:SourceIp` is in `10.0.0.0/8` or `192.0.2.0/24`.',
    );
  });
});

describe('hover on a principal', () => {
  const principal = (text: string) =>
    policy(`"Effect": "Allow", "Principal": ${text}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`);

  test.each([
    ['"*<|>"', 'callers without credentials'],
    ['{ "AWS": "*<|>" }', 'callers without credentials'],
    ['{ "AWS": "11112222<|>3333" }', 'the whole account `111122223333`, not its root user alone'],
    ['{ "AWS": "arn:aws:iam::111122223333:ro<|>ot" }', 'the whole account `111122223333`'],
    ['{ "AWS": "arn:aws:iam::111122223333:role/de<|>ploy" }', 'The role `deploy` of account `111122223333`'],
    ['{ "AWS": "arn:aws:iam::111122223333:user/a<|>nn" }', 'credentials that do not expire'],
    ['{ "AWS": "arn:aws:sts::111122223333:assumed-role/r<|>/s" }', 'One session of the role `r`'],
    ['{ "AWS": "AROA1234567890<|>ABCDEF" }', 'was deleted'],
    ['{ "Service": "lambda.amazon<|>aws.com" }', '`aws:SourceArn`'],
    [
      '{ "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.github<|>usercontent.com" }',
      '`token.actions.githubusercontent.com:sub`',
    ],
    ['{ "Federated": "arn:aws:iam::111122223333:saml-provider/c<|>orp" }', '`saml:aud`'],
  ])('%s', (text, expected) => expect(hover(principal(text))).toContain(expected));
});

describe('hover on a statement', () => {
  test('reads it aloud', () => {
    const text = hover(
      policy(
        '"Sid": "Re<|>ad", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*", "Condition": { "Bool": { "aws:SecureTransport": "true" } }',
      ),
    );
    expect(text).toBe(
      '**Statement 1 `Read`** allows `s3:GetObject` and `s3:ListBucket` on every resource, if `aws:SecureTransport` is `true`.',
    );
  });

  test('exceptions, several conditions and principals', () => {
    const text = hover(
      policy(
        '"Effect": "De<|>ny", "Principal": { "AWS": "111122223333" }, "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b", "Condition": { "Null": { "aws:TagKeys": "true" }, "StringNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } }',
      ),
    );
    expect(text).toBe(
      '**Statement 1** denies the account `111122223333` every action except `iam:*` on every resource except `arn:aws:s3:::b`, if all of these hold:\n\n' +
        '- the request does not carry `aws:TagKeys`\n- `aws:PrincipalArn` is not like `arn:aws:iam::*:role/admin`, or the request does not carry it',
    );
  });

  test('elements and versions are explained', () => {
    expect(hover(policy('"Effect": "Allow", "Not<|>Action": "iam:*", "Resource": "*"'))).toContain(
      'it grants all the rest',
    );
    expect(hover(allow('"s3:GetObject"').replace('2012-10-17', '2012-<|>10-17'))).toContain('current policy language');
    expect(hover(allow('"s3:GetObject"').replace('2012-10-17', '2008-<|>10-17'))).toContain('plain letters');
  });

  test('a finding under the cursor lists what it stands for', () => {
    const text = hover(
      policy('"Effect": "Allow", "Action": "*<|>", "Resource": "*<|>"'.replace('<|>", "Resource"', '", "Resource"')),
    );
    const analysis = analyzed('policy.json', policy('"Effect": "Allow", "Action": "*", "Resource": "*"'));
    expect(analysis.judgement.swallowed.length).toBeGreaterThan(0);
    const bigger = analysis.judgement.findings.find((finding) => finding.rule === 'full-access');
    expect(bigger).toBeDefined();
    const at = hoverAt(analysis, 'policy.json', bigger?.span.start ?? 0, catalog())?.markdown ?? '';
    expect(at).toContain('**Part of this finding**');
    expect(text).toContain('every');
  });

  test('outside of policies there is nothing to say', () => {
    expect(hover('{ "name": "pack<|>age" }')).toBe('');
    expect(hover('<|>')).toBe('');
  });
});

test('hover, outline and status answer at every offset of every prefix of a policy', () => {
  const text = policy(
    '"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:*", "x"], "Resource": "*", "Condition": {"Bool": {"aws:x": true}}',
  );
  let hovers = 0;
  for (let end = 0; end <= text.length; end += 3) {
    const source = { path: 'policy.json', text: text.slice(0, end) };
    const analysis = analyzed(source.path, source.text);
    for (let offset = -1; offset <= end + 1; offset += 7) {
      if (hoverAt(analysis, source.path, offset, catalog())) hovers++;
    }
    symbolsOf(analysis, source.path);
    statusOf(source, analysis, { catalog: catalog(), config: DEFAULT_CONFIG, today: '2026-10-01' });
  }
  expect(hovers).toBeGreaterThan(50);
});

describe('outline', () => {
  const draw = (symbols: readonly OutlineSymbol[], depth = 0): string =>
    symbols.map((one) => `${'  '.repeat(depth)}${one.name} (${one.detail})\n${draw(one.children, depth + 1)}`).join('');

  test('lists policies and statements', () => {
    const text =
      '{ "Version": "2012-10-17", "Statement": [{ "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }, { "Effect": "Deny", "NotAction": ["a:B", "c:D", "e:F"], "Resource": "*" }] }';
    const symbols = symbolsOf(analyzed('policy.json', text), 'policy.json');
    expect(draw(symbols)).toBe(
      'policy (identity policy)\n  Read (Allow s3:GetObject)\n  Deny all but a:B, c:D, … ()\n',
    );
    const all = [...symbols, ...symbols.flatMap((symbol) => symbol.children)];
    for (const { span, selection } of all)
      expect(span.start <= selection.start && selection.end <= span.end).toBe(true);
  });
});

describe('diagnostics and fixes', () => {
  const misspelt = allow('"s3:GetObjct"', '"arn:aws:s3:::b/*"');

  test('the level cuts off, and syntax is left to editors that report it', () => {
    const analysis = analyzed('policy.json', misspelt);
    const rules = (level: 'error' | 'info') =>
      shownFindings(analysis, 'policy.json', { syntax: 'ours', level }).map(({ rule }) => rule);
    expect(rules('info')).toContain('unknown-action');
    expect(rules('error')).toEqual([]);
    const broken = analyzed('policy.json', misspelt.replace('"Resource"', '"Resource"  ~'));
    const syntax = (whose: 'ours' | 'theirs') =>
      shownFindings(broken, 'policy.json', { syntax: whose, level: 'info' }).filter(({ rule }) => rule === 'syntax');
    expect(syntax('ours').length).toBeGreaterThan(0);
    expect(syntax('theirs')).toEqual([]);
  });

  test('a fix is found at its finding and nowhere else, and mends it', () => {
    const analysis = analyzed('policy.json', misspelt);
    const findings = shownFindings(analysis, 'policy.json', { syntax: 'ours', level: 'info' });
    const at = misspelt.indexOf('s3:GetObjct');
    const [fix] = fixesIn(analysis, findings, at + 3, at + 3);
    expect(fix?.fix.title).toMatch(/Replace .*s3:GetObject/);
    expect(applyEdits('policy.json', misspelt, fix?.edits ?? [])).toBe(misspelt.replace('GetObjct', 'GetObject'));
    expect(fixesIn(analysis, findings, 0, 0)).toEqual([]);
  });
});

describe('status', () => {
  const status = (path: string, text: string, circumstances: Circumstances = {}) =>
    statusOf({ path, text }, analyzeText(path, text, circumstances), {
      catalog: catalog(),
      config: circumstances.config ?? DEFAULT_CONFIG,
      today: '2026-10-06',
    });

  test('tells the kind and why, and how old the data is', () => {
    const { policies, notPolicy, catalog: data } = status('policy.json', allow('"s3:GetObject"'));
    expect(policies).toEqual([
      { address: '', kind: 'identity', because: 'no statement has a Principal', statements: 1 },
    ]);
    expect(notPolicy).toBe('');
    expect(data.ageDays).toBe((Date.parse('2026-10-06') - Date.parse(data.date)) / 86_400_000);
  });

  test.each([
    ['a.json', '{ "name": 1 }', 'no "Statement"'],
    ['a.json', '{ "Statement": [{ "Effect": "Perhaps", "Action": "s3:GetObject" }] }', 'an "Effect" of Allow or Deny'],
    ['a.json', '{ "Statement": [{ "Effect": "Allow" }] }', 'an "Action" or "NotAction"'],
    [
      'a.json',
      '{ "Version": "1", "Statement": [{ "Effect": "Allow", "Action": "ecs:Get" }] }',
      'version "1" is not one of AWS',
    ],
    [
      'a.json',
      '{ "Statement": [{ "Effect": "Allow", "Action": "oss:Get", "Resource": "acs:oss:*" }] }',
      'not those of AWS IAM',
    ],
    ['a.json', '{ "a": "Statement" }', 'No object of this file'],
    ['a.txt', 'x', 'does not read files of this kind'],
  ])('%s %s is no policy: %s', (path, text, reason) => expect(status(path, text).notPolicy).toContain(reason));

  test('lists what is ignored, with the reason, and the rules that are off', () => {
    const config = configOf(
      '{ "rules": { "missing-version": "off" }, "ignore": [{ "rule": "unknown-action", "reason": "a private API" }] }',
    );
    const { hidden, rulesOff } = status('policy.json', allow('"s3:GetObjct"'), { config });
    expect(hidden).toMatchObject([{ rule: 'unknown-action', reason: 'a private API', by: 'config' }]);
    expect(rulesOff).toContain('missing-version');
  });
});
