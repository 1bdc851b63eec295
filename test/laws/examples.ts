/** What the laws are tried on: every example of every page, and files of a folder beside the project where there is one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf } from '../../server/src/hosts/index.ts';
import type { Source } from '../../server/src/policy/module.ts';
import { ROOT } from '../context.ts';
import { readPage } from '../page-format.ts';
import { type Case, caseOf } from '../pages.ts';

/** A case with the place that it comes from. */
export interface Named {
  readonly name: string;
  readonly given: Case;
}

/** Every example of the pages of rules and behaviour that can be made into a case of some host; the pages' own test reports the others. */
export function pageExamples(): readonly Named[] {
  return ['docs/rules', 'test/pages'].flatMap((folder) => {
    const path = join(ROOT, folder);
    const pages = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.md')) : [];
    return pages.sort().flatMap((page) => {
      const { examples } = readPage(readFileSync(join(path, page), 'utf8'));
      return examples.flatMap(({ fences }) => {
        try {
          const given = caseOf(fences);
          return hostOf(given.sources[0].path) ? [{ name: `${folder}/${page}:${fences[0].line}`, given }] : [];
        } catch {
          return [];
        }
      });
    });
  });
}

/** Material for tests that is no part of the project; those that want it are skipped where it is missing. */
export const MATERIAL = join(ROOT, '../shared');

/** Whether a folder of the material is there. */
export function hasMaterial(folder: string): boolean {
  return existsSync(join(MATERIAL, folder));
}

/** Files below a folder of the material whose names end so; every `step`th in order of name. */
export function materialFiles(folder: string, extension: string, step = 1): readonly Source[] {
  const path = join(MATERIAL, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(extension));
  return names
    .sort()
    .filter((_, i) => i % step === 0)
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(path, name), 'utf8') }));
}
