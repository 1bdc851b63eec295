/** Git: the texts of files as the last commit has them. Runs `git` to read, and nothing of the repository's own. */
import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import type { ModuleAnalysis } from '../analysis.ts';
import type { Source } from '../policy/module.ts';
import type { Policy } from '../policy/policy.ts';
import { readPolicy } from '../policy/read.ts';

/** The policies of a module as the last commit has them, or in words why that cannot be told. */
export async function committedPolicies(analysis: ModuleAnalysis): Promise<readonly Policy[] | string> {
  const sources: Source[] = [];
  for (const { path } of analysis.module.sources) {
    const text = await committedText(path);
    if (text.kind === 'no git') return text.reason;
    if (text.kind === 'text') sources.push({ path, text: text.text });
  }
  if (sources.length === 0) return [];
  const module = analysis.host.read(sources, analysis.reading);
  return module.sites.flatMap((site) => readPolicy(site) ?? []);
}

/** Of other policies the one at the same place: by file and address, the nth of those that share both. */
export function counterpartOf(policy: Policy, own: readonly Policy[], others: readonly Policy[]): Policy | undefined {
  const isLike = ({ site }: Policy) =>
    site.address === policy.site.address && site.span.source === policy.site.span.source;
  return others.filter(isLike)[own.filter(isLike).indexOf(policy)];
}

type Committed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'new' }
  | { readonly kind: 'no git'; readonly reason: string };

function committedText(path: string): Promise<Committed> {
  const args = ['-C', dirname(path), 'cat-file', 'blob', `HEAD:./${basename(path)}`];
  return new Promise((resolve) => {
    execFile('git', args, { maxBuffer: 100_000_000, windowsHide: true }, (error, stdout, stderr) => {
      if (!error) resolve({ kind: 'text', text: stdout });
      else if (error.code === 'ENOENT')
        resolve({ kind: 'no git', reason: 'git cannot be found; name a reference file' });
      else if (/not a git repository|dubious ownership/i.test(stderr))
        resolve({ kind: 'no git', reason: 'the file is in no git repository; name a reference file' });
      else if (/invalid object name|Not a valid object name 'HEAD'$|Not a valid object name HEAD$/im.test(stderr))
        resolve({ kind: 'no git', reason: 'the repository has no commit yet; name a reference file' });
      else resolve({ kind: 'new' });
    });
  });
}
