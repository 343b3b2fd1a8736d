import type { TestProject } from 'vitest/node';
import { findTools, type Tools } from './tools.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    tools: Tools | undefined;
  }
}

/** Finds the tools once for all test files. Without them the tests are skipped, aloud. */
export async function setup(project: TestProject): Promise<void> {
  const tools = await findTools().catch((error: unknown) => {
    process.stderr.write(`Nothing is built with the real Kaniko: ${(error as Error).message}\n`);
    return undefined;
  });
  project.provide('tools', tools);
}
