import { defineConfig } from 'vitest/config';

// Time decides no test: the limit is there for what never ends.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'], isolate: false, testTimeout: 600_000 },
});
