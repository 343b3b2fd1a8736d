import { describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { platform } from './platform.ts';

describe('the preview a person reads', () => {
  test('affected images with what they pull along', async () => {
    const { repository, base } = await platform();
    await repository.commit({
      'base/files/motd': 'x',
      'base/files/a': 'x',
      'base/files/b': 'x',
      'base/files/c': 'x',
      'alone/run': 'x',
      'spark-with-a-long-name/Dockerfile': 'FROM java\n',
      'docs/index.md': 'x',
    });
    const { stdout } = await cli(repository.dir, ['--base', base, '--head', 'HEAD']);
    await expect(stdout).toMatchFileSnapshot('../golden/preview.txt');
  });

  test('nothing affected, with the images on request', async () => {
    const { repository } = await platform();
    await repository.commit({ 'docs/index.md': 'x' });
    const plain = await cli(repository.dir, ['--base', 'HEAD~1']);
    expect(plain.stdout).toMatch(
      /\nNo image is affected \(4 images\)\.\n\n1 changed file belongs to no image: docs\/index\.md\n$/,
    );
    const all = await cli(repository.dir, ['--base', 'HEAD~1', '--all']);
    await expect(all.stdout).toMatchFileSnapshot('../golden/preview-nothing.txt');
  });

  test('removed images, and what could not be known', async () => {
    const { repository, base } = await platform();
    await repository.commit({
      'java/Dockerfile': null,
      'unknown/Dockerfile': 'ARG WHICH\nFROM alpine:${WHICH}-${OTHER}\nARG NAME\nFROM $NAME\n',
    });
    const { stdout } = await cli(repository.dir, ['--base', base]);
    await expect(stdout).toMatchFileSnapshot('../golden/preview-removed-and-widened.txt');
  });

  test('no base', async () => {
    const { repository } = await platform();
    await repository.git('switch', '--quiet', '--orphan', 'orphan');
    await repository.commit({ 'alone/Dockerfile': 'FROM scratch\n', 'new/Dockerfile': 'FROM alone\n' });
    const { stdout } = await cli(repository.dir, ['--since', 'main']);
    await expect(stdout).toMatchFileSnapshot('../golden/preview-no-base.txt');
  });

  test('images that share a number can be built at the same time', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, [
      '--what-if',
      'trino/config',
      'alone/run',
      'java/Dockerfile',
    ]);
    expect(
      [...stdout.matchAll(/^ {2} *(\d) {2}(\w+)/gm)].map(([, number, name]) => `${number} ${name}`),
    ).toEqual(['1 alone', '1 java', '2 trino']);
  });

  test('many images pulled along are counted', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const { repository } = await platform(
      Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, 'FROM alone\n'])),
    );
    const { stdout } = await cli(repository.dir, ['--what-if', 'alone/run']);
    expect(stdout).toContain(' pulls along a, b, c, d, e, f and 2 more\n');
  });
});

describe('the same commits', () => {
  test.each([[[]], [['--json']], [['--all']]])('give the same bytes %j', async (options) => {
    const { repository, base } = await platform();
    await repository.commit({ 'base/files/motd': 'x', 'java/Dockerfile': null, 'alone/run': 'x' });
    const once = await cli(repository.dir, ['--base', base, ...options]);
    expect(once.stdout).not.toBe('');
    expect(await cli(repository.dir, ['--base', base, ...options])).toEqual(once);
    const clone = await repository.clone();
    expect(await cli(clone.dir, ['--base', base, ...options])).toEqual(once);
  });
});

describe('colour', () => {
  const ESCAPE = '\u001b[';
  test.each([
    ['on a terminal', true, {}, true],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['on a terminal that has none', true, { TERM: 'dumb' }, false],
    ['in a pipe', false, { TERM: 'xterm-256color' }, false],
  ] as const)('%s: %s', async (_, isTerminal, env, colourful) => {
    const { repository, base } = await platform();
    await repository.commit({
      'base/files/motd': 'x',
      'java/Dockerfile': null,
      'unknown/Dockerfile': 'ARG A\nFROM $A\n',
    });
    const { stdout } = await cli(repository.dir, ['--base', base, '--all'], { isTerminal, env });
    expect(stdout.includes(ESCAPE)).toBe(colourful);
    const plain = await cli(repository.dir, ['--base', base, '--all']);
    // eslint-disable-next-line no-control-regex -- the colours are what is taken away
    expect(stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  test('never in JSON', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, ['--base', 'HEAD', '--json'], { isTerminal: true });
    expect(stdout).not.toContain(ESCAPE);
  });
});

describe('names that would do something to a terminal', () => {
  const HOSTILE = [
    '\u001b[31mred',
    'two\nlines',
    'back\rspace\b',
    'csi\u009b2J',
    'right\u202eleft',
    'zero\u200bwidth',
    'tag\u{e0041}',
  ];
  const invalid = Buffer.from([0x62, 0xff, 0xfe, 0x63]);
  // Control characters other than line ends, format characters, and halves of characters.
  const RAW = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

  async function hostile() {
    const repository = await createRepository();
    const base = await repository.commit({ 'README.md': 'x' });
    await repository.commit([
      ...HOSTILE.flatMap((name): [string, string][] => [
        [`${name}/Dockerfile`, 'FROM scratch\nCOPY . /\n'],
        [`${name}/${name}`, 'x'],
      ]),
      [Buffer.concat([invalid, Buffer.from('/Dockerfile')]), 'FROM scratch\n'],
    ]);
    return { repository, base };
  }

  test('reach it as escapes, by every command', async () => {
    const { repository, base } = await hostile();
    const subjects = [
      ...HOSTILE.map((name) => ['explain', name]),
      ...HOSTILE.map((name) => ['explain', `${name}/${name}`]),
    ];
    const commands = [
      [],
      ['--json'],
      ['--all', '--what-if', 'x'],
      ['graph'],
      ['graph', '--format=dot'],
      ['graph', '--format=json'],
      ...subjects,
    ];
    for (const command of [...commands, ...subjects.slice(6, 8).map((subject) => [...subject, '--json'])]) {
      const compared = command.includes('--what-if') ? [] : ['--base', base];
      const { code, stdout, stderr } = await cli(repository.dir, [...command, ...compared]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toMatch(RAW);
    }
    const check = await cli(repository.dir, ['check']);
    expect(check.stdout).not.toMatch(RAW);
  });

  test('are still told apart, and survive JSON', async () => {
    const { repository, base } = await hostile();
    const { stdout } = await cli(repository.dir, ['--base', base]);
    for (const shown of [
      '\\u001b[31mred',
      'two\\nlines',
      'back\\u000dspace\\u0008',
      'csi\\u009b2J',
      'right\\u202eleft',
      'zero\\u200bwidth',
      'tag\\u{e0041}',
      'b\\xff\\xfec',
    ]) {
      expect(stdout).toContain(`new image (${shown}/Dockerfile)`);
    }
    const names = (await cliJson(repository.dir, ['--base', base])).affected.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...HOSTILE, 'b\udcff\udcfec']));
  });

  test('reach it as escapes in errors too, with and without --debug', async () => {
    const repository = await createRepository();
    await repository.commit(HOSTILE.map((name) => [`${name}/Dockerfile`, 'FORM \u001b[2J\n']));
    const commands = [['--base', 'HEAD'], ['--base', 'HEAD', '--debug'], ['check'], ['check', '--json']];
    for (const argv of [...commands, ...HOSTILE.flatMap((name) => [['--base', name], [name]])]) {
      const { code, stdout, stderr } = await cli(repository.dir, argv);
      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).not.toMatch(RAW);
    }
  });
});
