// How each tool is asked, and where in what it prints the answer is.
import { execFile } from 'node:child_process';
import { affected } from '../measure.js';

/** What npm installs, exactly. */
export const PACKAGES = { nx: '24.0.6', turbo: '2.11.11', '@moonrepo/cli': '2.5.5', lage: '2.17.0' };

const bin = (name) => `node_modules/.bin/${name}`;

/**
 * Each `{ command, told, images, unsure }`. `command(base)` asks what is affected, without a base as the tool's own
 * documentation has it in CI, with one as `told(base, head)` sets its variables. `images` reads names out of what was
 * printed; `unsure` finds where it says that its answer may be wide or wrong. `report` is what people run instead, where
 * that is not the same.
 */
export const tools = {
  affected: {
    command: (base) => [...reportOf(base), '--json'],
    report: reportOf,
    told: () => ({}),
    images: (stdout) => JSON.parse(stdout).affected.map(({ name }) => name),
    unsure: (stdout) => JSON.parse(stdout).widened.length > 0,
  },
  nx: {
    command: () => [bin('nx'), 'show', 'projects', '--affected', '--json', '-t', 'build'],
    told: (base, head) => ({ NX_BASE: base, NX_HEAD: head }),
    images: (stdout) => JSON.parse(stdout).map(imageOf),
    unsure: (stdout, stderr) => /\bwarn/i.test(stderr),
  },
  turbo: {
    command: () => [bin('turbo'), 'query', 'affected', '--packages'],
    told: (base, head) => ({ TURBO_SCM_BASE: base, TURBO_SCM_HEAD: head }),
    images: (stdout) =>
      JSON.parse(stdout)
        .data.affectedPackages.items.map(({ name }) => name)
        .filter((name) => name !== '//')
        .map(imageOf),
    unsure: (stdout, stderr) => stderr.includes('WARNING'),
  },
  moon: {
    command: () => [bin('moon'), 'ci', '--include-relations', '--downstream', 'deep', '--upstream', 'none'],
    told: (base, head) => ({ MOON_BASE: base, MOON_HEAD: head }),
    images: (stdout) => {
      const [, list] = /^Resolved targets: \d+\n((?:\t.*\n)*)/m.exec(stdout);
      return [...list.matchAll(/^\t(.*):build$/gm)].map(([, name]) => name);
    },
    unsure: (stdout, stderr) => stderr.includes('WARN'),
  },
  lage: {
    command: (base) => [bin('lage'), 'info', 'build', '--since', base ?? 'origin/main'],
    told: () => ({}),
    images: (stdout) => {
      const messages = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return messages.find(({ data }) => data?.scope !== undefined).data.scope.map(imageOf);
    },
    unsure: (stdout) => stdout.includes('An error in the git command'),
  },
};

/** No daemon, no telemetry, no look for updates, nothing of the machine's own settings. */
export function environment(home) {
  return {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    DO_NOT_TRACK: '1',
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    MOON_TELEMETRY: 'false',
  };
}

/**
 * Asks a tool, without a base or with one.
 *
 * @returns `{ status, images?, unsure?, report }`: no images where it gives no answer; `report` is
 * `{ command, variables, stdout, stderr }`.
 */
export async function ask({ tool, cwd, env, base, head }) {
  const { command, report = command, told, images, unsure } = tools[tool];
  const variables = base === undefined ? {} : told(base, head);
  const options = { cwd, env: { ...env, ...variables } };
  // First, so that it tells of what is fetched.
  const reported = await run(report(base), options);
  const { status, stdout, stderr } = report === command ? reported : await run(command(base), options);
  const answer = { status, report: { ...reported, command: report(base), variables } };
  return status === 0 ? { ...answer, images: images(stdout), unsure: unsure(stdout, stderr) } : answer;
}

/** Not in step: a GitLab of this process may be asked meanwhile. */
export function run([program, ...args], options) {
  return new Promise((done) => {
    execFile(program, args, { ...options, maxBuffer: Infinity }, (error, stdout, stderr) =>
      done({ status: error?.code ?? 0, stdout, stderr }),
    );
  });
}

function reportOf(base) {
  return affected(...(base === undefined ? [] : ['--base', base, '--head', 'HEAD']));
}

function imageOf(name) {
  return name.replace('@acme/', '');
}
