// biome-ignore-all lint/suspicious/noTemplateCurlyInString: AWS writes its templates and variables so.
// The catalog over the committed data, read as the front ends read it: part by part through a file descriptor.
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  and,
  andNot,
  bitsWhere,
  countBits,
  eachBit,
  fullBits,
  hasBit,
  isEmpty,
  or,
} from '../server/src/catalog/bits.ts';
import { openCatalog } from '../server/src/catalog/catalog.ts';
import { editDistance } from '../server/src/catalog/distance.ts';
import { type Match, matchesEverything } from '../server/src/catalog/match.ts';
import { canBe, templateGlob } from '../server/src/catalog/resource-types.ts';
import { ACCESS_LEVELS } from '../server/src/catalog/service.ts';
import type { ReadBytes } from '../server/src/catalog/slices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = fileURLToPath(new URL('../server/data/catalog.bin', import.meta.url));
const descriptor = openSync(file, 'r');
const fromFile: ReadBytes = (offset, length) => {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
};
const fromMemory =
  (whole: Uint8Array): ReadBytes =>
  (offset, length) =>
    whole.subarray(Math.min(offset, whole.length), Math.min(offset + length, whole.length));

const catalog = openCatalog(fromFile);
const everyName = catalog.services.flatMap((prefix) =>
  (catalog.service(prefix)?.names ?? []).map((name) => `${prefix}:${name}`),
);

/** Names of the matches, by the bits alone. */
function namesIn(matches: readonly Match[]): readonly string[] {
  return matches.flatMap(({ service, bits }) =>
    [...eachBit(bits)].map((index) => `${service.prefix}:${service.names[index] ?? 'outside'}`),
  );
}

/** The oracle: one regular expression, over every name. */
function naiveNames(pattern: string): readonly string[] {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  const expression = new RegExp(`^${source}$`, 'i');
  return everyName.filter((name) => expression.test(name));
}

describe('the data', () => {
  test('names its sources and their dates', () => {
    expect(catalog.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(catalog.sources.map((source) => source.package)).toContain('iam-floyd');
    expect(catalog.sources.every((source) => /^\d+\.\d+\.\d+/.test(source.version))).toBe(true);
  });

  test('is what compiling again would give', () => {
    const run = spawnSync(process.execPath, ['scripts/update-catalog.mjs', '--check'], { cwd: root, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });

  test('stays small', () => {
    expect(readFileSync(file).length).toBeLessThan(3_000_000);
  });

  test('agrees with itself in every service', () => {
    let actions = 0;
    for (const prefix of catalog.services) {
      const service = catalog.service(prefix);
      if (!service) throw new Error(`${prefix} is listed and not found`);
      const lower = service.names.map((name) => name.toLowerCase());
      expect(lower.join(), prefix).toBe([...lower].sort().join());
      expect(service.actions.map((action) => action.name).join(), prefix).toBe(service.names.join());
      const types = new Set(service.resourceTypes.map((type) => type.key.toLowerCase()));
      const keys = new Set(service.conditionKeys.map((key) => key.name));
      for (const [index, action] of service.actions.entries()) {
        actions++;
        const where = `${prefix}:${action.name}`;
        if (action.index !== index || action.service !== prefix) throw new Error(where);
        if (!ACCESS_LEVELS.every((level) => hasBit(service.levels[level], index) === (level === action.level)))
          throw new Error(where);
        if (hasBit(service.scopable, index) && action.resourceTypes.length === 0) throw new Error(where);
        if (action.resourceTypes.some(({ required }) => required) && !hasBit(service.scopable, index))
          throw new Error(where);
        if (!action.resourceTypes.every(({ type }) => types.has(type.toLowerCase()))) throw new Error(where);
        const used = [...action.conditionKeys, ...action.resourceTypes.flatMap((type) => type.conditionKeys)];
        if (!used.every((key) => keys.has(key))) throw new Error(where);
        if (!action.dependentActions.every((name) => catalog.hasAction(name))) throw new Error(where);
        if (action.description === '' || /undefined/.test(action.url ?? '')) throw new Error(where);
      }
    }
    expect(actions).toBe(everyName.length);
    expect(actions).toBeGreaterThan(20_000);
  });
});

describe('lookups', () => {
  test('an action in any case, with all that hovers tell', () => {
    const action = catalog.action('S3:getobject');
    expect(action).toMatchObject({ service: 's3', name: 'GetObject', level: 'Read', permissionOnly: false });
    expect(action?.description).toBe('Grants permission to retrieve objects from Amazon S3');
    expect(action?.resourceTypes.map(({ type }) => type)).toEqual(['accesspointobject', 'object']);
    expect(action?.url).toBe('https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html');
    expect(action).toBe(catalog.service('s3')?.actions[action?.index ?? -1]);
    expect(catalog.service('S3')).toMatchObject({ prefix: 's3', name: 'Amazon S3' });
    expect(catalog.service('s3')?.url).toMatch(/reference\/list_s3\.html$/);
  });

  test('one level for each action, the particular one', () => {
    expect(catalog.action('ec2:CreateTags')?.level).toBe('Tagging');
    expect(catalog.action('iam:PutRolePolicy')?.level).toBe('Permissions management');
    expect(catalog.action('s3:PutObject')?.level).toBe('Write');
    expect(catalog.action('s3:ListBucket')?.level).toBe('List');
  });

  test('dependent actions and permission-only marks from the older data', () => {
    expect(catalog.action('lambda:CreateFunction')?.dependentActions).toContain('iam:PassRole');
    expect(catalog.action('iam:PassRole')?.permissionOnly).toBe(true);
  });

  test('required types and keys of a type for one action', () => {
    const image = catalog.action('ec2:RunInstances')?.resourceTypes.find(({ type }) => type === 'image');
    expect(image?.required).toBe(true);
    expect(image?.conditionKeys).toContain('ec2:Owner');
  });

  test('names that are none', () => {
    for (const name of ['s3:GetObjct', 'nope:GetObject', 's3', '', ':', 's3:', 's3:GetObject:x', 'constructor:x']) {
      expect(catalog.action(name), name).toBeUndefined();
      expect(catalog.hasAction(name), name).toBe(false);
    }
    expect(catalog.service('__proto__')).toBeUndefined();
  });

  test('actions and services that are gone', () => {
    expect(catalog.removedAction('DeepRacer:GetCar')).toBe(true);
    expect(catalog.removedService('deepracer')).toBe(true);
    expect(catalog.removedAction('s3:GetObject')).toBe(false);
    expect(catalog.removedService('s3')).toBe(false);
  });
});

describe('patterns', () => {
  test('match what a naive loop over every name matches', () => {
    let matched = 0;
    const letters = fc.constantFrom('*', '?', 'Get', 'list', 'e', 'S', 'Object', 'put', '*');
    const word = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const prefix = fc.oneof(fc.constantFrom('s3', 'EC2', '?3', 'e?2', '*', 's*', 'sq?', '**', 'i*m'), word);
    const pattern = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(prefix, word).map(([before, after]) => `${before}:${after}`) },
      { weight: 1, arbitrary: word },
      { weight: 1, arbitrary: fc.tuple(word, word, word).map((parts) => parts.join(':')) },
    );
    fc.assert(
      fc.property(pattern, (text) => {
        // Without wildcard or colon a word is no pattern for an action.
        const expected = /[*?:]/.test(text) ? naiveNames(text) : [];
        matched += expected.length;
        const matches = catalog.match(text);
        expect(namesIn(matches).join()).toBe(expected.join());
        expect(catalog.count(text)).toBe(expected.length);
        expect(matches.every(({ bits, count }) => count > 0 && count === countBits(bits))).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(matched).toBeGreaterThan(0);
  });

  test('the whole catalog is known at sight and counted without reading', () => {
    for (const all of ['*', '*:*', '**', '**:**']) {
      expect(matchesEverything(all), all).toBe(true);
      expect(catalog.count(all), all).toBe(everyName.length);
    }
    for (const part of ['s3:*', '*:Get*', '?', '', '*:', '*:*:*']) expect(matchesEverything(part), part).toBe(false);
    let read = 0;
    const counting = openCatalog((offset, length) => {
      read += length;
      return fromFile(offset, length);
    });
    const afterOpening = read;
    expect(counting.count('*')).toBe(everyName.length);
    expect(counting.count('e?2:*')).toBe(catalog.service('ec2')?.names.length);
    expect(read).toBe(afterOpening);
    counting.match('*:Get*');
    expect(read - afterOpening).toBeLessThan(600_000);
  });

  test('the same pattern gives the same list, in any case', () => {
    expect(catalog.match('s3:get*')).toBe(catalog.match('S3:Get*'));
  });
});

describe('condition keys', () => {
  test.each([
    ['aws:sourceip', 'aws:SourceIp', 'IPAddress', false],
    ['aws:TagKeys', 'aws:TagKeys', 'String', true],
    ['aws:PrincipalTag/team', 'aws:PrincipalTag/${TagKey}', 'String', false],
    ['aws:ResourceTag/${TagKey}', 'aws:ResourceTag/${TagKey}', 'String', false],
    ['ec2:ResourceTag/team', 'ec2:ResourceTag/${TagKey}', 'String', false],
    ['s3:prefix', 's3:prefix', 'String', false],
    ['s3:ExistingObjectTag/class', 's3:ExistingObjectTag/<key>', 'String', false],
    ['kms:EncryptionContext:app', 'kms:EncryptionContext:${EncryptionContextKey}', 'String', false],
    ['secretsmanager:ResourceTag/team', 'secretsmanager:ResourceTag/tag-key', 'String', false],
    ['saml:aud', 'saml:aud', 'String', false],
    ['token.actions.example.ghe.com:ref', 'token.actions.${Domain}.ghe.com:ref', 'String', false],
  ])('%s is %s', (written, name, type, multivalued) => {
    expect(catalog.conditionKey(written)).toMatchObject({ name, type, multivalued });
  });

  test('keys that nobody defines', () => {
    for (const name of ['', 'aws:', 'aws:Nope', 's3:nope', 'nope:x', 'aws:ResourceTag/']) {
      expect(catalog.conditionKey(name), name).toBeUndefined();
    }
  });

  test('global keys have types and categories', () => {
    const account = catalog.globalKeys.find((key) => key.name === 'aws:SourceAccount');
    expect(account).toMatchObject({ type: 'String', category: 'request' });
    expect(catalog.globalKeys.length).toBeGreaterThan(50);
  });
});

describe('resource types', () => {
  const kinds = (arn: string) => catalog.resourceTypesOf(arn).map(({ type }) => type.key);
  const exact = (arn: string) => catalog.resourceTypesOf(arn).flatMap((match) => (match.exact ? [match.type.key] : []));

  test.each([
    ['arn:aws:s3:::bucket', ['bucket']],
    ['arn:aws:s3:::bucket/*', ['object']],
    ['arn:aws:s3:::bucket*', ['bucket', 'object']],
    ['arn:aws:s3:::${aws:username}/home', ['object']],
    ['arn:aws-cn:iam::111122223333:role/path/name', ['role']],
    ['arn:aws:ec2:*:*:instance/*', ['instance']],
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/a/index/b', ['index']],
    ['arn:aws:states:*:*:stateMachine:x', ['statemachine']],
    ['arn:aws:iam::aws:contextProvider/x', ['context-provider']],
  ])('%s can be %j', (arn, expected) => {
    expect(kinds(arn)).toEqual(expected);
  });

  test('the likeliest stands first and is exact', () => {
    expect(exact('arn:aws:s3:::bucket*')).toEqual(['bucket']);
    expect(exact('arn:aws:dynamodb:*:*:table/orders*')).toEqual(['table']);
    expect(kinds('arn:aws:logs:*:*:log-group:/aws/x:*')[0]).toBe('log-group');
    expect(kinds('arn:aws:lambda:us-east-1:111122223333:function:f')).toEqual(['function']);
  });

  test('what is no ARN of a known service has none', () => {
    for (const arn of ['*', '', 'arn', 'arn:aws:*:::x', 'arn:aws:nope:::x', 'arn:aws:__proto__:::x', 'bucket/*']) {
      expect(kinds(arn), arn).toEqual([]);
    }
  });

  test('a definite no only', () => {
    const type = (key: string) => catalog.service('s3')?.resourceTypes.find((one) => one.key === key);
    const [bucket, object] = [type('bucket'), type('object')];
    if (!bucket || !object) throw new Error('s3 has buckets and objects');
    for (const wide of ['*', 'arn:aws:s3*', 'arn:*', 'arn:aws:s3:::*', 'arn:aws:s3:::${x}', 'arn:aws:s?:::b*']) {
      expect([canBe(wide, bucket), canBe(wide, object)], wide).toEqual([true, true]);
    }
    expect(canBe('arn:aws:s3:::bucket/', object)).toBe(false);
    expect(canBe('arn:aws:s3:::a${*}b', bucket)).toBe(true);
    expect(canBe('arn:aws:sqs:::bucket', bucket)).toBe(false);
    expect(canBe('arn:aws:s3:*:*:bucket/key', object)).toBe(true);
  });

  test('every template can be what it is itself', () => {
    let seen = 0;
    for (const prefix of catalog.services) {
      for (const type of catalog.service(prefix)?.resourceTypes ?? []) {
        for (const arn of type.arns) {
          seen++;
          if (!canBe(arn.replace(/\$\{[^}]*\}/g, 'a1'), type)) throw new Error(arn);
          if (!canBe(templateGlob(arn), type)) throw new Error(arn);
        }
      }
    }
    expect(seen).toBeGreaterThan(2000);
    expect(templateGlob('arn:${Partition}:s3:::${BucketName}/${ObjectName}')).toBe('arn:*:s3:::*/*');
  });
});

describe('suggestions', () => {
  test.each([
    ['s3:GetObjct', 's3:GetObject', 'spelling'],
    ['sqs:RecieveMessage', 'sqs:ReceiveMessage', 'spelling'],
    ['kms:Decypt', 'kms:Decrypt', 'spelling'],
    ['ec2:StartInstance', 'ec2:StartInstances', 'spelling'],
    ['ecs:SubmitAttachment', 'ecs:SubmitAttachmentStateChanges', 'spelling'],
    ['s3:SendMessage', 'sqs:SendMessage', 'service'],
    ['cloudwatchlogs:PutLogEvents', 'logs:PutLogEvents', 'service'],
    ['lamda:InvokeFunction', 'lambda:InvokeFunction', 'service'],
    ['dynamo:Qery', 'dynamodb:Query', 'spelling'],
    ['s3:ListObjects', 's3:ListBucket', 'operation'],
    ['s3:listobjectsv2', 's3:ListBucket', 'operation'],
    ['s3:HeadObject', 's3:GetObject', 'operation'],
    ['s3:HeadBucket', 's3:ListBucket', 'operation'],
    ['s3:CreateMultipartUpload', 's3:PutObject', 'operation'],
    ['s3:DeleteObjects', 's3:DeleteObject', 'operation'],
    ['lambda:Invoke', 'lambda:InvokeFunction', 'operation'],
    ['apigateway:GetRestApis', 'apigateway:GET', 'operation'],
    ['iam:AssumeRole', 'sts:AssumeRole', 'operation'],
  ])('%s: %s', (written, name, kind) => {
    expect(catalog.suggest(written)[0]).toEqual({ name, kind });
  });

  test('an operation that needs several actions names them all', () => {
    expect(catalog.suggest('s3:CopyObject').map(({ name }) => name)).toEqual(['s3:GetObject', 's3:PutObject']);
  });

  test('nothing for what is right, a pattern, far from everything, or the opposite', () => {
    const silent = ['s3:GetObject', 's3:GetObjct*', 's3:Qwertyuiop', 'iam:TagResource', 's3:', '', 'x', 'a:b:c'];
    for (const name of [...silent, 'ds:deauthorizeApplication', 'constructor:toString']) {
      expect(catalog.suggest(name), name).toEqual([]);
    }
  });

  test('every suggestion is an action', () => {
    const name = fc.oneof(
      fc.constantFrom(...everyName).map((full) => full.slice(0, -1)),
      fc.constantFrom(...everyName).map((full) => full.replace('e', 'ee')),
      fc.string(),
    );
    let suggested = 0;
    fc.assert(
      fc.property(name, (text) => {
        for (const suggestion of catalog.suggest(text)) {
          suggested++;
          expect(catalog.hasAction(suggestion.name)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
    expect(suggested).toBeGreaterThan(0);
  });

  test.each([
    ['cloudwatchlogs', 'logs'],
    ['CloudWatch-Logs', 'logs'],
    ['elb', 'elasticloadbalancing'],
    ['stepfunctions', 'states'],
    ['AWS Step Functions', 'states'],
    ['lamda', 'lambda'],
    ['dynamdb', 'dynamodb'],
    ['secretmanager', 'secretsmanager'],
  ])('service %s: %s', (written, prefix) => {
    expect(catalog.suggestService(written)[0]).toBe(prefix);
  });

  test('no service for what is one, or like none', () => {
    for (const prefix of ['s3', 'velero', '', '*', 's*', 'constructor']) {
      expect(catalog.suggestService(prefix), prefix).toEqual([]);
    }
  });

  test('distance counts insertions, deletions, substitutions and swaps', () => {
    expect(editDistance('receive', 'recieve', 3)).toBe(1);
    expect(editDistance('kitten', 'sitting', 5)).toBe(3);
    expect(editDistance('', 'ab', 2)).toBe(2);
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(3);
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const whole = editDistance(a, b, 20);
        expect(editDistance(a, b, limit)).toBe(Math.min(whole, limit + 1));
        expect(editDistance(b, a, limit)).toBe(Math.min(whole, limit + 1));
      }),
    );
  });
});

describe('broken files', () => {
  const whole = readFileSync(file);
  const exercise = (bytes: ReadBytes) => {
    const broken = openCatalog(bytes);
    broken.service('s3')?.actions.map((action) => action.description + action.resourceTypes.length);
    broken.action('ec2:RunInstances');
    broken.match('*');
    broken.match('*:Get*');
    broken.match('s3:*');
    broken.conditionKey('s3:prefix');
    broken.conditionKey('aws:SourceIp');
    broken.resourceTypesOf('arn:aws:s3:::b');
    broken.suggest('s3:ListObjects');
    broken.suggestService('elb');
    broken.removedAction('deepracer:GetCar');
    return broken;
  };

  test('empty, foreign and cut-off files give an empty catalog', () => {
    const headerEnd = 4 + whole.readUInt32LE();
    const cuts = [0, 1, 3, 4, 100, headerEnd - 1, headerEnd, headerEnd + 5, whole.length >> 1, whole.length - 1];
    for (const cut of cuts) {
      const empty = exercise(fromMemory(whole.subarray(0, cut)));
      expect(empty.services, String(cut)).toEqual([]);
      expect([empty.date, empty.count('*'), empty.globalKeys.length, empty.suggest('s3:GetObjct')]).toEqual([
        '',
        0,
        0,
        [],
      ]);
    }
    const foreign = [
      Buffer.from('{"format":1}'),
      Buffer.alloc(5000, 0xff),
      Buffer.from('\x02\0\0\0{}more'),
      Buffer.from('\x02\0\0\0[]'),
    ];
    for (const bytes of foreign) expect(exercise(fromMemory(bytes)).services).toEqual([]);
  });

  test('a slice that cannot be understood leaves the names', () => {
    const spoiled = Uint8Array.from(whole);
    const names = 4 + whole.readUInt32LE() + 495_000;
    spoiled.fill(0x23, names, whole.length);
    const broken = exercise(fromMemory(spoiled));
    expect(broken.hasAction('s3:GetObject')).toBe(true);
    expect(broken.action('s3:GetObject')).toMatchObject({ level: 'Read', description: '', resourceTypes: [] });
    expect(broken.service('s3')?.name).toBe('s3');
    expect(broken.globalKeys).toEqual([]);
  });

  test('bytes changed anywhere never throw', () => {
    let kept = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 }),
        (changes) => {
          const spoiled = Uint8Array.from(whole);
          for (const [offset, byte] of changes) spoiled[offset] = byte;
          kept += exercise(fromMemory(spoiled)).services.length > 0 ? 1 : 0;
        },
      ),
      { numRuns: 10 },
    );
    expect(kept).toBeGreaterThan(0);
  });
});

describe('bits', () => {
  test('are sets', () => {
    const sets = fc.uniqueArray(fc.nat(99));
    fc.assert(
      fc.property(sets, sets, (left, right) => {
        const [a, b] = [new Set(left), new Set(right)];
        const [x, y] = [bitsWhere(100, (index) => a.has(index)), bitsWhere(100, (index) => b.has(index))];
        const sorted = (numbers: Iterable<number>) => [...numbers].sort((one, other) => one - other);
        expect([...eachBit(x)]).toEqual(sorted(a));
        expect([...eachBit(and(x, y))]).toEqual(sorted([...a].filter((index) => b.has(index))));
        expect([...eachBit(andNot(x, y))]).toEqual(sorted([...a].filter((index) => !b.has(index))));
        expect([...eachBit(or(x, y))]).toEqual(sorted(new Set([...a, ...b])));
        expect([countBits(x), isEmpty(x)]).toEqual([a.size, a.size === 0]);
      }),
    );
    for (const size of [0, 1, 31, 32, 33, 64, 100]) expect([...eachBit(fullBits(size))].length).toBe(size);
    expect([...eachBit(or(fullBits(3), fullBits(40)))].length).toBe(40);
    expect(hasBit(fullBits(3), 500)).toBe(false);
  });
});
