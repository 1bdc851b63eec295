// Installs the VS Code that the tests run, and says whether that worked.
import { report } from './outcome.mjs';
import { installRuntime, Unavailable } from './runtime.mjs';

await report(async () => {
  try {
    installRuntime();
    return { passed: 1, failed: 0 };
  } catch (error) {
    if (error instanceof Unavailable) return { passed: 0, failed: 0, skipped: 1, note: error.message };
    throw error;
  }
});
