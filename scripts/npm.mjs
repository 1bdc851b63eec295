// Runs npm as a child process, the same npm that started us where there is one. Imports only `node:` built-ins.
import { spawnSync } from 'node:child_process';

/** Runs `npm ...args` in `folder` with its messages on our standard error; never throws: a failure is a status other than 0. */
export function npm(folder, args) {
  // A script of npm hands down npm_execpath: with it no shell is needed, which Windows asks for otherwise (npm.cmd).
  const self = process.env.npm_execpath;
  const [program, first] = self?.endsWith('.js') ? [process.execPath, [self]] : ['npm', []];
  return spawnSync(program, [...first, ...args], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: program === 'npm' && process.platform === 'win32',
  });
}
