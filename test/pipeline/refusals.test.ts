import { describe, expect, test } from 'vitest';
import { plan } from '../support/plan.ts';

describe('refused before anything is written, with what to do', () => {
  test.each([
    ['FROM ba\\\nse\n', '1:'],
    ['FROM scratch\nCOPY --from=ba\\\nse /x /x\n', '2:'],
  ])('a reference that is not in one piece: %j', (dockerfile, line) => {
    const files = { 'a/Dockerfile': dockerfile, 'base/Dockerfile': 'FROM alpine\n' };
    expect(() => plan(files)).toThrow(`a/Dockerfile:${line}`);
    expect(() => plan(files)).toThrow('is not written in one piece; put the reference on one line');
  });

  test.each([
    ['a$b', 'rename the directory, or leave its Dockerfile out under "discover.exclude"'],
    ['A', 'give "A" another name under "names"'],
  ])('the directory %s as an image name', (directory, remedy) => {
    expect(() => plan({ [`${directory}/Dockerfile`]: 'FROM alpine\n' })).toThrow(remedy);
  });
});
