/**
 * The first law: one policy in every host's spelling gives the same findings and the same fixes, and each fix, printed by
 * each host, reads again as the same policy. What differs is listed with its reason, and has to differ.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ModuleAnalysis } from '../server/src/analysis.ts';
import { applyEdits } from '../server/src/finding/edit.ts';
import type { Finding } from '../server/src/finding/finding.ts';
import { PLACEHOLDER } from '../server/src/finding/placeholder.ts';
import type { Source } from '../server/src/policy/module.ts';
import { provedFixes } from '../server/src/proof.ts';
import { analyzeAll, analyzeText, ROOT } from './context.ts';
import { normal } from './rosetta/normal.ts';
import { KINDS, POLICIES, type Told } from './rosetta/policies.ts';
import { SPELLINGS, type Spelling } from './rosetta/spellings.ts';

const count = {
  findings: 0,
  fixes: 0,
  byHand: 0,
  excepted: 0,
  withFindings: new Set<string>(),
  rules: new Set<string>(),
};

function analysed(source: Source, told: Told): ModuleAnalysis {
  const module = analyzeAll([source], source.path === 'policy.json' ? { kind: KINDS[told.holder] } : {}).of(
    source.path,
  );
  if (module?.policies.length !== 1) throw new Error(`${module?.policies.length} policies in ${source.text}`);
  return module;
}

function said({ rule, level, message, statement }: Finding): string {
  return `${level} ${rule} on ${statement?.index ?? 'the document'}: ${message}`;
}

/** The folders of `test/rosetta/hand`: each holds one policy in all hosts, as people write them, with references to what stands beside it. */
const BY_HAND = readdirSync(join(ROOT, 'test/rosetta/hand')).sort();
/** What of a folder is not the policy itself. */
const NAMES = ['heredoc.tf', 'jsonencode.tf', 'document.tf', 'template.yaml', 'template.json'] as const;

/** Fixes that a host cannot make where another can, and why. Each has to be one. */
const EXCEPTIONS: readonly { readonly file: string; readonly fix: string; readonly reason: string }[] = [
  {
    file: 'deploys/jsonencode.tf',
    fix: 'unknown-action: Replace with `cloudformation:DescribeStacks` (changes)',
    reason: 'a loop makes the action, so that its letters stand nowhere',
  },
];

/** The module of one file, and the policy in it that is meant: the last one, since documents may be made of others. */
function byHand(folder: string, name: string): ModuleAnalysis {
  const path = join(ROOT, 'test/rosetta/hand', folder, name);
  const module = analyzeText(name, readFileSync(path, 'utf8'));
  if (!module) throw new Error(`no host reads ${path}`);
  return module;
}

function policyFile(folder: string): string {
  return existsSync(join(ROOT, 'test/rosetta/hand', folder, 'policy.json')) ? 'policy.json' : 'policy.json.tpl';
}

/** A policy as it is said in any host: what is known at deploy time only goes by many names. */
function alike(module: ModuleAnalysis): string {
  const last = module.policies.at(-1);
  return last ? normal(last).replaceAll(/"[^"\n]*(?:\$\{(?!aws:)[^}]*\}|REPLACE_ME_(?:REGION|ACCOUNT)\b)/g, '"…') : '';
}

/** The fixes by title, with what each leaves. One that names a resource of the module is the host's own. */
function fixesByTitle(module: ModuleAnalysis): ReadonlyMap<string, string> {
  const [source] = module.module.sources;
  const fixes = new Map<string, string>();
  for (const finding of source ? module.judgement.findings : [])
    for (const { fix, edits } of provedFixes(module, finding)) {
      const text = source && applyEdits(source.path, source.text, edits);
      const after = source && analyzeText(source.path, text ?? '');
      if (after) fixes.set(`${finding.rule}: ${fix.title} (${fix.safety})`, alike(after));
    }
  return fixes;
}

/** In templates the Region and the account of what is named are those of the stack; elsewhere they are left to be filled in. */
function filledIn(policy: string): string {
  return policy
    .replaceAll('${AWS::Region}', `${PLACEHOLDER}REGION`)
    .replaceAll('${AWS::AccountId}', `${PLACEHOLDER}ACCOUNT`);
}

/** Each fix with the policy that it leaves, by name: which comes first may follow the names of files and places. */
function fixed(module: ModuleAnalysis, told: Told): readonly string[] {
  const [source] = module.module.sources;
  if (!source) return [];
  const fixes = module.judgement.findings.flatMap((finding) =>
    provedFixes(module, finding).map(({ fix, edits }) => {
      const text = applyEdits(source.path, source.text, edits) ?? '';
      const [policy] = analysed({ ...source, text }, told).policies;
      return `${finding.rule}: ${fix.title} (${fix.safety})\n${policy && filledIn(normal(policy))}`;
    }),
  );
  return fixes.sort();
}

describe.each(POLICIES)('a policy that $name', (told) => {
  const [first, ...others] = SPELLINGS;
  const base = analysed(first.spell(told), told);
  const findings = base.judgement.findings.map(said);

  test('is judged as expected', () => {
    const rules = base.judgement.findings.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining([...told.speaks]));
    if (told.speaks.length === 0) expect(findings).toEqual([]);
    if (rules.length > 0) count.withFindings.add(told.name);
    for (const rule of rules) count.rules.add(rule);
  });

  test.each(others)('says the same, is judged the same and mended the same in $name', ({ spell }: Spelling) => {
    const module = analysed(spell(told), told);
    expect(module.policies.map(normal)).toEqual(base.policies.map(normal));
    expect(module.judgement.findings.map(said)).toEqual(findings);
    const ours = fixed(module, told);
    expect(ours).toEqual(fixed(base, told));
    count.findings += module.judgement.findings.length;
    count.fixes += ours.length;
  });
});

describe.each(BY_HAND)('a policy that %s, written by hand', (folder) => {
  const base = byHand(folder, policyFile(folder));
  const findings = base.judgement.findings.map(said);
  const fixes = fixesByTitle(base);

  test.each(NAMES)('says the same, is judged the same and mended the same in %s', (name) => {
    const module = byHand(folder, name);
    expect(findings.length).toBeGreaterThan(0);
    expect(module.judgement.findings.map(said)).toEqual(findings);
    expect(alike(module)).toBe(alike(base));
    const ours = fixesByTitle(module);
    for (const [title, after] of fixes) {
      const excepted = EXCEPTIONS.some(({ file, fix }) => file === `${folder}/${name}` && fix === title);
      expect([title, ours.get(title)]).toEqual([title, excepted ? undefined : after]);
      if (excepted) count.excepted += 1;
    }
    for (const after of ours.values()) expect(after).not.toBe(alike(module));
    count.byHand += ours.size;
  });
});

test('enough was exercised', () => {
  expect(POLICIES.length).toBeGreaterThanOrEqual(25);
  expect(count.withFindings.size).toBeGreaterThanOrEqual(20);
  expect(count.rules.size).toBeGreaterThanOrEqual(20);
  expect(count.findings).toBeGreaterThan(200);
  expect(count.fixes).toBeGreaterThan(200);
  expect(BY_HAND.length).toBeGreaterThanOrEqual(6);
  expect(count.byHand).toBeGreaterThan(60);
  expect(count.excepted).toBe(EXCEPTIONS.length);
});
