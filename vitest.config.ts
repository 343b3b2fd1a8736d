import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs Linux, root and the real Kaniko: `npm run test:e2e`.
    exclude: ['test/kaniko/**'],
    setupFiles: ['test/support/property-setup.ts'],
    // Properties may be told to try more cases (test/support/runs.ts).
    testTimeout: 30_000 * Math.max(1, Number(process.env['FUZZ_RUNS'] || 1)),
    hookTimeout: 60_000,
    env: {
      // The machine's own git configuration, and a CI job that runs these tests, must not change what they see.
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/cli.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95, branches: 90, functions: 95, statements: 95 },
    },
  },
});
