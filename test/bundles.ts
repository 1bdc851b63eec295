/** Bundles as the build makes them, for tests that run what ships, or look at what is in it. Asserts nothing. */
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { ROOT } from './context.ts';

/** Bundles entries by name into a folder, what asks AWS apart from the others; gives what went into each. */
export async function bundle(
  entries: Readonly<Record<string, string>>,
  folder: string,
  write: boolean,
): Promise<Metafile> {
  const { analyzerApart }: { analyzerApart: Plugin } = await import(join(ROOT, 'scripts/analyzer-apart.mjs'));
  const options = {
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    plugins: [analyzerApart],
    supported: { 'dynamic-import': false },
    metafile: true,
    logLevel: 'error',
    write,
  } satisfies BuildOptions;
  return (await build(options)).metafile;
}
