import { defineConfig } from 'vitest/config';

// The real Kaniko against a real registry: Linux and root. Apart from `npm test`, which runs everywhere.
export default defineConfig({
  test: {
    include: ['test/kaniko/*.test.ts'],
    globalSetup: ['test/kaniko/setup.ts'],
    // Each test runs whole pipelines, and two builds at once would only slow each other down.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  },
});
