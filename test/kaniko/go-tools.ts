import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, exists } from './cache.ts';

const run = promisify(execFile);

/** A program that is published as a Go module. */
export interface GoTool {
  readonly module: string;
  readonly version: string;
  /** Its package, below the module; the last part is the program's name. */
  readonly command: string;
}

/** Each in the version that the templates name, or else pinned here. */
export const GO_TOOLS = {
  buildctl: { module: 'github.com/moby/buildkit', version: 'v0.32.2', command: 'cmd/buildctl' },
  buildkitd: { module: 'github.com/moby/buildkit', version: 'v0.32.2', command: 'cmd/buildkitd' },
  crane: { module: 'github.com/google/go-containerregistry', version: 'v0.22.1', command: 'cmd/crane' },
  cosign: { module: 'github.com/sigstore/cosign/v3', version: 'v3.1.3', command: 'cmd/cosign' },
  syft: { module: 'github.com/anchore/syft', version: 'v1.52.0', command: 'cmd/syft' },
} satisfies Record<string, GoTool>;

/**
 * The path of a program below `cache`, built on the first call that asks for it: minutes for a large one. As `go install`
 * builds it, from the versions that its module names, but for what that refuses: modules whose `go.mod` excludes or
 * replaces others (BuildKit's). Throws with Go's words, and with where to put the program, where it can't be had.
 */
export async function goTool(tool: GoTool, cache = cacheDirectory()): Promise<string> {
  const name = tool.command.split('/').at(-1) ?? tool.command;
  const program = join(cache, `${name}-${tool.version}`, name);
  if (await exists(program)) return program;
  await mkdir(cache, { recursive: true });
  const built = await mkdtemp(join(cache, 'go-'));
  try {
    const output = join(built, 'program');
    const source = await download(tool);
    // A module's archive may hold the list of what it vendors, but never that itself.
    const settings = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w'];
    await go(['build', '-C', source, ...settings, '-o', output, `./${tool.command}`]);
    await mkdir(join(program, '..'), { recursive: true });
    await rename(output, program);
  } catch (error) {
    throw new Error(
      `${tool.module}/${tool.command} ${tool.version} can't be built: ${reason(error)}; put the program at ${program}`,
      { cause: error },
    );
  } finally {
    await rm(built, { recursive: true, force: true });
  }
  return program;
}

/** The folder of a module's source, which Go keeps. */
async function download({ module, version }: GoTool): Promise<string> {
  const { stdout } = await go(['mod', 'download', '-json', `${module}@${version}`]);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** Static, so that a program runs in every root. */
async function go(args: readonly string[]): Promise<{ stdout: string }> {
  return await run('go', args, {
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    maxBuffer: 1 << 26,
  });
}

function reason(error: unknown): string {
  const { code, stdout = '', stderr = '' } = error as { code?: string; stdout?: string; stderr?: string };
  if (code === 'ENOENT') return 'there is no Go on PATH';
  // `go mod download -json` tells of a failure on its output.
  const told = stdout.startsWith('{') ? (JSON.parse(stdout) as { Error: string }).Error : stderr;
  const lines = told.split('\n').filter((line) => /^\S/u.test(line));
  return lines.at(-1) ?? (error as Error).message;
}
