import { describe, inject } from 'vitest';
import type { Tools } from './tools.ts';

/** A suite of tests, all of them skipped where a tool is missing. */
export function withKaniko(name: string, suite: (tools: Tools) => void): void {
  const tools = inject('tools');
  describe.skipIf(!tools)(`${name}`, () => {
    suite(tools as Tools);
  });
}
