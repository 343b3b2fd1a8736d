import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/affected/reasons.ts';
import { compare, type Files, side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

/** The reasons of the image `app`. */
function reasonsOf(
  before: Files,
  after: Files,
  options: { before?: Settings; after?: Settings } = {},
): readonly Reason[] {
  const answer = compare(side(before, options.before), side(after, options.after));
  return answer.affected.find(({ image }) => image.name === 'app')?.reasons ?? [];
}

function kinds(...given: Parameters<typeof reasonsOf>): string[] {
  return reasonsOf(...given).map(({ kind }) => kind);
}

const files: Files = {
  'app/Dockerfile': 'FROM scratch\nCOPY src conf /\n',
  'app/src/a': '1',
  'app/src/b': '1',
  'app/conf': '1',
  'app/other': '1',
};

describe('changed inputs', () => {
  test.each<[string, Files, object]>([
    [
      'a Dockerfile',
      { 'app/Dockerfile': 'FROM scratch\n' },
      { kind: 'dockerfile', path: 'app/Dockerfile', status: 'modified' },
    ],
    [
      'a source',
      { 'app/src/a': '2' },
      { kind: 'source', instruction: 'COPY', source: 'src', line: 2, path: 'app/src/a', status: 'modified' },
    ],
    [
      'a new file',
      { 'app/src/new': '1' },
      { kind: 'source', instruction: 'COPY', source: 'src', line: 2, path: 'app/src/new', status: 'added' },
    ],
    [
      'its CI jobs',
      { 'app/.gitlab-ci.yml': 'x' },
      { kind: 'ci-file', path: 'app/.gitlab-ci.yml', status: 'added' },
    ],
    [
      'a file that becomes a link',
      { 'app/conf': { symlink: 'other' } },
      {
        kind: 'source',
        instruction: 'COPY',
        source: 'conf',
        line: 2,
        path: 'app/conf',
        status: 'type-changed',
      },
    ],
  ])('%s', (_, changed, reason) => {
    expect(reasonsOf(files, { ...files, ...changed })).toEqual([reason]);
  });

  test('a deleted file', () => {
    const { 'app/src/a': _gone, ...left } = files;
    expect(reasonsOf(files, left)).toMatchObject([{ kind: 'source', path: 'app/src/a', status: 'deleted' }]);
  });

  test('a declared input', () => {
    const settings = { images: { app: { inputs: ['shared/**'] } } };
    expect(reasonsOf(files, { ...files, 'shared/x': '1' }, { before: settings, after: settings })).toEqual([
      { kind: 'declared-input', glob: 'shared/**', path: 'shared/x', status: 'added' },
    ]);
  });

  test('a path that is an input on both sides is one reason, with the head’s line', () => {
    const after = { ...files, 'app/Dockerfile': 'FROM scratch\n\nCOPY src /\n', 'app/src/a': '2' };
    expect(reasonsOf(files, after)).toMatchObject([
      { kind: 'dockerfile' },
      { kind: 'source', path: 'app/src/a', line: 3 },
    ]);
  });

  test('a path that only the base read', () => {
    const after = { ...files, 'app/Dockerfile': 'FROM scratch\nCOPY src /\n', 'app/conf': '2' };
    expect(reasonsOf(files, after)).toMatchObject([
      { kind: 'dockerfile' },
      { kind: 'source', path: 'app/conf', line: 2 },
    ]);
  });

  test('in order of the paths, whatever the order of the changes', () => {
    const [base, head] = [
      side(files),
      side({ ...files, 'app/src/b': '2', 'app/src/a': '2', 'app/conf': '2' }),
    ];
    const modified = { status: 'modified', oldMode: '100644', newMode: '100644' } as const;
    const changes = ['app/src/b', 'app/conf', 'app/src/a'].map((path) => ({ path, ...modified }));
    expect(compare(base, head, { changes }).affected[0]?.reasons).toMatchObject([
      { path: 'app/conf' },
      { path: 'app/src/a' },
      { path: 'app/src/b' },
    ]);
  });

  test('a path that did not exist where it would have been read', () => {
    const narrow: Files = { ...files, 'app/Dockerfile.dockerignore': '' };
    const ignored: Files = { ...files, 'app/Dockerfile.dockerignore': 'src/new\n' };
    expect(kinds(narrow, { ...ignored, 'app/src/new': '1' })).toEqual([]);
    expect(kinds({ ...ignored, 'app/src/new': '1' }, narrow)).toEqual([]);
  });

  test('a new image has no other reason', () => {
    const { 'app/Dockerfile': _none, ...others } = files;
    expect(reasonsOf({}, files)).toEqual([{ kind: 'new-image', dockerfile: 'app/Dockerfile' }]);
    expect(kinds(others, { ...files, 'app/conf': '2' })).toEqual(['new-image']);
  });

  test('bytes that are no text, and line feeds, in names', () => {
    const path = 'app/src/\udc80\n\u2028';
    expect(reasonsOf(files, { ...files, [path]: '1' })).toMatchObject([{ kind: 'source', path }]);
  });
});

describe('a Dockerfile in which only what the builder discards changed', () => {
  const dockerfile = 'FROM scratch\nCOPY src conf /\n';
  const commented = '# why\nFROM scratch\n\nCOPY  src conf  /\n';
  const copying = (source: string, comment: string): Files => ({
    ...files,
    'app/Dockerfile': `# ${comment}\nFROM scratch\nCOPY ${source} /\n`,
  });
  const linked = (target: string, text: string): Files => ({
    ...files,
    'app/Dockerfile': { symlink: target },
    'dockerfiles/a': text,
    'dockerfiles/b': dockerfile,
  });

  test.each<[string, Files, Files]>([
    ['comments, empty lines, white space', files, { 'app/Dockerfile': commented }],
    ['its mode', files, { 'app/Dockerfile': { executable: dockerfile } }],
    ['it became a link to the same', files, linked('../dockerfiles/b', '')],
    ['it is a link no more', linked('../dockerfiles/b', ''), { 'app/Dockerfile': dockerfile }],
    [
      'a comment where its link leads',
      linked('../dockerfiles/a', dockerfile),
      { 'dockerfiles/a': commented },
    ],
    [
      'its link leads to the same',
      linked('../dockerfiles/a', commented),
      { 'app/Dockerfile': { symlink: '../dockerfiles/b' } },
    ],
    [
      'the ignore file keeps it out',
      { ...copying('.', '1'), 'app/.dockerignore': 'Dockerfile' },
      copying('.', '2'),
    ],
  ])('%s: affects nothing', (_, before, after) => {
    expect(reasonsOf(before, { ...before, ...after })).toEqual([]);
    expect(reasonsOf({ ...before, ...after }, before)).toEqual([]);
  });

  test('but where build args ask for another frontend, which may read them', () => {
    const settings = { images: { app: { args: { BUILDKIT_SYNTAX: 'x/y' } } } };
    const after = { ...files, 'app/Dockerfile': commented };
    expect(kinds(files, after, { before: settings, after: settings })).toEqual(['dockerfile']);
  });

  test.each<[string, Files, Files, string[]]>([
    ['copied', copying('.', '1'), copying('.', '2'), ['source']],
    ['copied at the base only', copying('D*', '1'), copying('src', '2'), ['dockerfile']],
    [
      'mounted',
      { ...files, 'app/Dockerfile': 'FROM scratch\nRUN --mount=target=/x true\n' },
      { ...files, 'app/Dockerfile': 'FROM scratch\n\nRUN --mount=target=/x true\n' },
      ['source'],
    ],
    [
      'where its link leads, which is copied',
      { ...linked('a', ''), 'app/Dockerfile': { symlink: 'a' }, 'app/a': 'FROM scratch\nCOPY a /' },
      { ...linked('a', ''), 'app/Dockerfile': { symlink: 'a' }, 'app/a': 'FROM scratch\n\nCOPY a /' },
      ['source'],
    ],
    [
      'not, but its link leads to other instructions',
      linked('../dockerfiles/a', 'FROM a'),
      linked('../dockerfiles/b', 'FROM a'),
      ['dockerfile'],
    ],
    ['not, but the base does not parse', { ...files, 'app/Dockerfile': 'NONE' }, files, ['dockerfile']],
    [
      'not, but neither side parses',
      { ...files, 'app/Dockerfile': 'NONE' },
      { ...files, 'app/Dockerfile': 'NONE\n' },
      ['dockerfile'],
    ],
    [
      'not, but a submodule below a source changed with it',
      { ...files, 'app/src/sub': { submodule: '1' }, 'app/Dockerfile': 'FROM a\nCOPY src/sub/x /\n' },
      { ...files, 'app/src/sub': { submodule: '2' }, 'app/Dockerfile': '#\nFROM a\nCOPY src/sub/x /\n' },
      ['source'],
    ],
    [
      'not, but the base can’t be read',
      { ...files, 'app/Dockerfile': { missing: 'x' } },
      files,
      ['unknown', 'dockerfile'],
    ],
  ])('but it is %s', (_, before, after, expected) => {
    expect(kinds(before, after)).toEqual(expected);
  });

  test('but it is declared as an input, of its image or of another', () => {
    const settings = { images: { '*': { inputs: ['**/Dockerfile'] } } };
    const options = { before: settings, after: settings };
    const commentedFiles = { ...files, 'app/Dockerfile': commented };
    expect(kinds(files, commentedFiles, options)).toEqual(['declared-input']);
    const other = { 'other/Dockerfile': 'FROM scratch' };
    expect(compare(side({ ...files, ...other }), side({ ...commentedFiles, ...other }), {}).affected).toEqual(
      [],
    );
    expect(
      compare(side({ ...files, ...other }, settings), side({ ...commentedFiles, ...other }, settings), {})
        .affected,
    ).toHaveLength(2);
  });

  test('but an argument names a frontend that may read it', () => {
    const settings = { args: { BUILDKIT_SYNTAX: 'example/frontend' } };
    const options = { before: settings, after: settings };
    expect(kinds(files, { ...files, 'app/Dockerfile': commented }, options)).toEqual(['dockerfile']);
  });

  test('but the change is supposed: what it would say is not known', () => {
    const modified = { status: 'modified', oldMode: '100644', newMode: '100644' } as const;
    const changes = [{ path: 'app/Dockerfile', ...modified }];
    const { affected } = compare(side(files), side(files), { changes });
    expect(affected.flatMap(({ reasons }) => reasons)).toMatchObject([{ kind: 'dockerfile' }]);
  });
});

describe('the image’s settings', () => {
  test.each<[string, Settings, string[]]>([
    ['an argument', { images: { app: { args: { B: '2' } } } }, ['args.B']],
    ['an argument every builder takes', { args: { NO_PROXY: '1' } }, ['args.NO_PROXY']],
    ['the template', { template: '.mine' }, ['template']],
    ['what it is tagged by', { images: { app: { component: { arg: 'A' } } } }, ['tags']],
    ['the registry', { registry: 'registry.example.com/group' }, ['registry']],
    ['a variable of its runner', { runner: { variables: { A: '1' } } }, ['runner.variables']],
    [
      'several, sorted',
      { images: { app: { template: '.x', args: { A: '1' }, context: 'app/src' } } },
      ['args.A', 'context', 'template'],
    ],
  ])('%s', (_, settings, expected) => {
    expect(reasonsOf(files, files, { after: settings })).toEqual([{ kind: 'config', settings: expected }]);
    expect(reasonsOf(files, files, { before: settings })).toEqual([{ kind: 'config', settings: expected }]);
  });

  test('where and how long its job runs changes nothing in it', () => {
    const runner = {
      tags: ['a'],
      timeout: '1h',
      retry: 1 as const,
      limits: { memory: '1Gi' },
      allowFailure: true,
    };
    expect(reasonsOf(files, files, { after: { runner, images: { app: { runner } } } })).toEqual([]);
    const [one, other] = [
      { A: '1', B: '2' },
      { B: '2', A: '1' },
    ];
    const options = { before: { runner: { variables: one } }, after: { runner: { variables: other } } };
    expect(reasonsOf(files, files, options)).toEqual([]);
  });

  test('the target', () => {
    const staged = { 'app/Dockerfile': 'FROM scratch AS one\nFROM scratch\n' };
    const target = { images: { app: { target: 'one' } } };
    expect(reasonsOf(staged, staged, { after: target })).toEqual([{ kind: 'config', settings: ['target'] }]);
  });

  test('the Dockerfile of the same name', () => {
    const moved = { 'app/Containerfile': 'FROM scratch' };
    const discover = { dockerfiles: ['**/Dockerfile', '**/Containerfile'] };
    expect(
      reasonsOf({ 'app/Dockerfile': 'FROM scratch' }, moved, { before: { discover }, after: { discover } }),
    ).toMatchObject([
      { kind: 'config', settings: ['dockerfile'] },
      { kind: 'dockerfile', path: 'app/Containerfile', status: 'added' },
      { kind: 'dockerfile', path: 'app/Dockerfile', status: 'deleted' },
    ]);
  });

  test('a context that is a link which leads elsewhere now', () => {
    const at = (symlink: string): Files => ({ ...files, ctx: { symlink }, 'other/src/a': '1' });
    const settings = { images: { app: { context: 'ctx' } } };
    const options = { before: settings, after: settings };
    expect(reasonsOf(at('app'), at('other'), options)).toEqual([{ kind: 'config', settings: ['context'] }]);
    expect(reasonsOf(at('app'), at('./app'), options)).toEqual([]);
  });

  test('what says the same in other words, and what is about other images, does not count', () => {
    const before: Settings = { args: { A: '1' }, images: { other: { target: 'x' } } };
    const after: Settings = { images: { '*': { args: { A: '1' } } }, inputs: [{ paths: ['app/other'] }] };
    const declaring = { ...files, 'app/Dockerfile': 'FROM scratch\nARG A\n' };
    expect(reasonsOf(declaring, declaring, { before, after })).toEqual([]);
  });
});

describe('a directory of which no file is taken', () => {
  const copying = (source: string, ignored: string, more: Files = {}): Files => ({
    'app/Dockerfile': `FROM scratch\nCOPY ${source} /\n`,
    'app/.dockerignore': `.dockerignore\n${ignored}`,
    'app/src/a': '1',
    ...more,
  });
  const taken = { kind: 'source', instruction: 'COPY', source: '.', line: 2 };

  test('goes with its last file and comes with its first', () => {
    const [without, having] = [copying('.', 'logs/*\n'), copying('.', 'logs/*\n', { 'app/logs/keep': '' })];
    const because = { ...taken, path: 'app/logs/keep', directory: 'app/logs' };
    expect(reasonsOf(having, without)).toEqual([{ ...because, status: 'deleted' }]);
    expect(reasonsOf(without, having)).toEqual([{ ...because, status: 'added' }]);
    const deep = copying('.', 'logs/*\n', { 'app/logs/a/b': '' });
    expect(reasonsOf(deep, without)).toEqual([
      { ...because, path: 'app/logs/a/b', status: 'deleted', directory: 'app/logs' },
    ]);
    expect(reasonsOf(deep, having)).toEqual([]);
  });

  test('stays where another file keeps it, and a modified one takes nothing away', () => {
    const having = copying('.', '**/*.md\n', { 'app/docs/a.md': '', 'app/docs/b.md': '' });
    expect(reasonsOf(having, copying('.', '**/*.md\n', { 'app/docs/b.md': '' }))).toEqual([]);
    expect(reasonsOf(having, { ...having, 'app/docs/a.md': '2' })).toEqual([]);
  });

  test('is of no interest where it is ignored or not copied', () => {
    const logs: Files = { 'app/logs/keep': '' };
    for (const [source, ignored] of [
      ['.', 'logs\n'],
      ['src', 'logs/*\n'],
      ['src', ''],
    ] as const) {
      expect(reasonsOf(copying(source, ignored, logs), copying(source, ignored))).toEqual([]);
    }
  });

  test('by --exclude, through a link, and where a file takes its place', () => {
    const settings = { before: { dockerignore: 'docker' }, after: { dockerignore: 'docker' } } as const;
    const excluding = copying('--exclude=logs/* .', '');
    expect(reasonsOf({ ...excluding, 'app/logs/keep': '' }, excluding, settings)).toMatchObject([
      { kind: 'source', directory: 'app/logs' },
    ]);
    const linked = copying('link', 'real/logs/*\n', { 'app/link': { symlink: 'real' }, 'app/real/b': '1' });
    expect(kinds({ ...linked, 'app/real/logs/keep': '' }, linked)).toEqual(['source']);
    const replaced = copying('.', 'logs/*\n', { 'app/logs': '' });
    expect(reasonsOf(copying('.', 'logs/*\n', { 'app/logs/keep': '' }), replaced)).toMatchObject([
      { path: 'app/logs', status: 'added' },
      { path: 'app/logs/keep', status: 'deleted', directory: 'app/logs' },
    ]);
  });

  test('comes and goes with what the ignore file says of it', () => {
    const [whole, inside] = [
      copying('.', 'logs\n', { 'app/logs/keep': '' }),
      copying('.', 'logs/*\n', { 'app/logs/keep': '' }),
    ];
    const because = [{ kind: 'ignore-file', path: 'app/.dockerignore', example: 'app/logs' }];
    expect(reasonsOf(whole, inside)).toEqual(because);
    expect(reasonsOf(inside, whole)).toEqual(because);
    const moved = copying('.', 'logs\n', { 'app/logs/keep': '' });
    expect(kinds(copying('.', '#\n'), moved)).toEqual([]);
    const copied: Files = { 'app/logs/keep': '', 'app/logs/too': '' };
    expect(
      reasonsOf(copying('.', 'logs\n!logs/keep\n', copied), copying('.', 'logs/*\n!logs/keep\n', copied)),
    ).toEqual([]);
  });
});

describe('ignore files', () => {
  const ignoring = (text: string, name = '.dockerignore'): Files => ({ ...files, [`app/${name}`]: text });

  test.each<[string, Files, Files, object[]]>([
    [
      'keeps out an unchanged file',
      files,
      ignoring('src/a\n'),
      [{ kind: 'ignore-file', path: 'app/.dockerignore', example: 'app/src/a' }],
    ],
    [
      'lets in an unchanged file',
      ignoring('src/b\n'),
      ignoring('#\n'),
      [{ kind: 'ignore-file', path: 'app/.dockerignore', example: 'app/src/b' }],
    ],
    [
      'is gone',
      ignoring('src\n'),
      files,
      [{ kind: 'ignore-file', path: 'app/.dockerignore', example: 'app/src/a' }],
    ],
    [
      'is the Dockerfile’s own',
      ignoring('src\n'),
      { ...ignoring('src\n'), 'app/Dockerfile.dockerignore': 'conf\n' },
      [{ kind: 'ignore-file', path: 'app/Dockerfile.dockerignore', example: 'app/conf' }],
    ],
    ['changes nothing', ignoring('other\n'), ignoring('other\n# more\nnone\n'), []],
    ['touches what no COPY takes', files, ignoring('other\n'), []],
    ['says the same elsewhere', ignoring('src\n'), ignoring('src\n', 'Dockerfile.dockerignore'), []],
  ])('that %s', (_, before, after, expected) => {
    expect(reasonsOf(before, after)).toEqual(expected);
  });

  test('through a link whose target changed', () => {
    const linked = (text: string): Files => ({
      ...files,
      'app/.dockerignore': { symlink: '../ignore' },
      ignore: text,
    });
    expect(kinds(linked('none'), linked('src'))).toEqual(['ignore-file']);
    expect(kinds(linked('none'), linked('nothing'))).toEqual([]);
  });

  test('a file that is let in and new is a changed input, no example', () => {
    expect(kinds(ignoring('src/new\n'), { ...ignoring(''), 'app/src/new': '1' })).toEqual(['source']);
  });

  test('are not blamed for what the Dockerfile asks for', () => {
    const after = { ...ignoring('other\n'), 'app/Dockerfile': 'FROM scratch\nCOPY conf /\n' };
    expect(kinds(files, after)).toEqual(['dockerfile']);
  });

  test('are not blamed for another context', () => {
    const before = { ...ignoring('src\n'), 'src/a': '1' };
    expect(
      kinds(
        before,
        { ...before, '.dockerignore': 'conf\n' },
        { after: { images: { app: { context: '.' } } } },
      ),
    ).toEqual(['config']);
  });

  test('by other rules', () => {
    const deep: Files = { ...ignoring('**/skip\n'), 'app/src/a/b/skip/c': '1' };
    const expected = [{ kind: 'config', settings: ['dockerignore'] }];
    delete (deep as Record<string, unknown>)['app/src/a'];
    expect(reasonsOf(deep, deep, { after: { dockerignore: 'docker' } })).toEqual(expected);
    expect(reasonsOf(deep, deep, { after: { dockerignore: 'union' } })).toEqual([]);
    expect(reasonsOf(files, files, { after: { dockerignore: 'docker' } })).toEqual([]);
    const excluding = { ...files, 'app/Dockerfile': 'FROM scratch\nCOPY --exclude=a src /\n' };
    expect(reasonsOf(excluding, excluding, { after: { dockerignore: 'docker' } })).toEqual(expected);
  });
});

describe('links', () => {
  test('a source through a link: where it leads, and the links on the way', () => {
    const at = (changed: Files): Files => ({
      'app/Dockerfile': 'FROM scratch\nCOPY via/conf /\n',
      'app/via': { symlink: '../alias' },
      alias: { symlink: 'one' },
      'one/conf': '1',
      'two/conf': '1',
      ...changed,
    });
    expect(reasonsOf(at({}), at({ 'one/conf': '2' }))).toMatchObject([
      { kind: 'source', path: 'one/conf', link: 'alias' },
    ]);
    expect(reasonsOf(at({}), at({ alias: { symlink: 'two' } }))).toMatchObject([
      { kind: 'source', path: 'alias' },
    ]);
    expect(reasonsOf(at({}), at({ 'app/via': { symlink: '../two' } }))).toMatchObject([
      { kind: 'source', path: 'app/via' },
    ]);
    expect(reasonsOf(at({}), at({ 'two/conf': '2', 'one/other': '1' }))).toEqual([]);
  });

  test('a Dockerfile through links', () => {
    const at = (text: string): Files => ({ 'app/Dockerfile': { symlink: '../common' }, common: text });
    expect(reasonsOf(at('FROM scratch'), at('FROM alpine'))).toEqual([
      { kind: 'dockerfile', path: 'common', status: 'modified' },
    ]);
  });
});

describe('what the base image passes on', () => {
  const onbuild: Files = {
    'base/Dockerfile': 'FROM scratch\nENV DIR=src\nONBUILD COPY hooks /\n',
    'app/Dockerfile': 'FROM base\nCOPY $DIR /\n',
    'app/src/a': '1',
    'app/hooks/x': '1',
  };

  test('its ONBUILD reads the dependent’s own context, at the line of the FROM', () => {
    expect(reasonsOf(onbuild, { ...onbuild, 'app/hooks/x': '2' })).toMatchObject([
      { kind: 'source', source: 'hooks', line: 1 },
    ]);
    expect(reasonsOf(onbuild, { ...onbuild, 'base/hooks/x': '2' })).toEqual([]);
  });

  test('its ENV is part of the source', () => {
    expect(reasonsOf(onbuild, { ...onbuild, 'app/src/a': '2' })).toMatchObject([
      { kind: 'source', source: 'src', line: 2 },
    ]);
    expect(reasonsOf(onbuild, { ...onbuild, 'app/other': '2' })).toEqual([]);
  });
});

describe('templates', () => {
  const here = side(files);

  test('a changed template file is a reason for the images that reach it', () => {
    const uses = [
      { image: 'app', template: '.kaniko-build' },
      { image: 'app', template: '.kaniko-build' },
      { image: 'gone', template: '.kaniko-build' },
    ];
    const { affected } = compare(here, here, { templateUses: new Map([['ci-templates/kaniko.yml', uses]]) });
    expect(affected.map(({ image, reasons }) => [image.name, reasons])).toEqual([
      ['app', [{ kind: 'template', path: 'ci-templates/kaniko.yml', template: '.kaniko-build' }]],
    ]);
  });
});

describe('build args of all images', () => {
  const at = (value: string) => ({ args: { VERSION: value } });
  const change = { before: at('1'), after: at('2') };

  test('one that changes affects the images that take it', () => {
    const declaring = { 'app/Dockerfile': 'FROM scratch\nARG VERSION\n' };
    expect(reasonsOf(declaring, declaring, change)).toEqual([{ kind: 'config', settings: ['args.VERSION'] }]);
    const other = { 'app/Dockerfile': 'FROM scratch\nRUN echo $VERSION\n' };
    expect(reasonsOf(other, other, change)).toEqual([]);
  });

  test('one that becomes the image’s own reaches it', () => {
    const other = { 'app/Dockerfile': 'FROM scratch\n' };
    const after = { ...at('1'), images: { app: at('1') } };
    expect(reasonsOf(other, other, { before: at('1'), after })).toEqual([
      { kind: 'config', settings: ['args.VERSION'] },
    ]);
  });
});

test('rules for references change what a bare name is built from', () => {
  const bare: Files = {
    'a/Dockerfile': 'FROM tool\n',
    'tool/Dockerfile': 'FROM alpine\n',
    'b/Dockerfile': 'FROM alpine\n',
  };
  const rules = { references: [{ match: 'q.io/{x}', directory: '{x}' }] };
  for (const [before, after] of [
    [{}, rules],
    [rules, {}],
  ] as const) {
    const { affected } = compare(side(bare, before), side(bare, after));
    expect(affected.map(({ image, reasons }) => [image.name, reasons])).toEqual([
      ['a', [{ kind: 'config', settings: ['references'] }]],
    ]);
  }
});
