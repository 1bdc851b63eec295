/** Failure: a job that cannot be done, thrown up to `main`, which says why in one line and ends with exit code 2. */

/** The exit codes: nothing at or above the level, findings, the job could not be done. */
export type ExitCode = 0 | 1 | 2;

/** What the user did wrong or what is not there; `message` says what and where. A bug is any other error. */
export class Failure extends Error {}

/** Why a file could not be read or written, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = REASONS[code];
  if (known !== undefined) return known;
  return error instanceof Error ? error.message : String(error);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
};
