import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDotenv } from './dotenv.ts';
import type { Job } from './job.ts';
import { predecessors } from './schedule.ts';
import type { Progress } from './schedule.ts';
import { runnerExpand } from './variables.ts';
import type { Variables } from './variables.ts';
import { selectFiles } from './workspace.ts';

/** What a job left for others: files below `directory`, and the variables of its dotenv report. */
export interface Stored {
  readonly directory: string;
  readonly files: readonly string[];
  readonly dotenv: ReadonlyMap<string, string>;
}

interface SourceOptions {
  readonly job: Job;
  readonly progress: readonly Progress[];
  readonly stages: readonly string[];
  readonly stored: ReadonlyMap<string, Stored>;
}

/**
 * Whose artifacts and dotenv variables a job gets: the needed jobs' save those with `artifacts: false`, else those of
 * all earlier stages, in both cases only as far as `dependencies` names them.
 */
export function sourcesOf({ job, progress, stages, stored }: SourceOptions): Stored[] {
  const refused = new Set(
    (job.needs ?? []).filter((need) => need.artifacts === false).map((need) => need.job),
  );
  const names = predecessors(job, progress, stages).map((each) => each.job.name);
  return names
    .filter((name) => !refused.has(name) && (job.dependencies?.includes(name) ?? true))
    .flatMap((name) => stored.get(name) ?? []);
}

/** The stored files' texts by their path in the project, for a test to look at; bytes that aren't UTF-8 are lost. */
export async function readStored({ directory, files }: Stored): Promise<Record<string, string>> {
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(directory, file), 'utf8')]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

interface StoreOptions {
  readonly job: Job;
  readonly project: string;
  readonly variables: Variables;
  readonly succeeded: boolean;
}

/**
 * Collects a finished job's artifacts. Reports are taken from failed jobs too; a dotenv report the server can't read
 * fails the job (`problem`).
 */
export async function storeArtifacts({
  job,
  project,
  variables,
  succeeded,
}: StoreOptions): Promise<{ stored: Stored; problem?: string }> {
  const { paths, exclude, dotenv, when } = job.artifacts;
  const expanded = (texts: readonly string[]): string[] => texts.map((text) => runnerExpand(text, variables));
  const wanted = when === 'always' || (when === 'on_failure') === !succeeded;
  const files = wanted ? await selectFiles(project, expanded(paths), expanded(exclude)) : [];
  const reports = await selectFiles(project, expanded(dotenv), []);
  const texts = await Promise.all(reports.map((file) => readFile(join(project, file), 'utf8')));
  const stored = { directory: project, files };
  try {
    return { stored: { ...stored, dotenv: new Map(texts.flatMap((text) => [...parseDotenv(text)])) } };
  } catch (error) {
    return { stored: { ...stored, dotenv: new Map() }, problem: (error as Error).message };
  }
}
