import { type History, importHistory } from './git-history.ts';
import { createRepository, type TestRepository } from './repository.ts';

/** What GitLab is to a job: a bare repository, with the settings GitLab's has. */
export interface GitHost {
  server: TestRepository;
  /** Ids of the commits by name. */
  ids: Readonly<Record<string, string>>;
}

/**
 * @param options.refs Commits by the refs that name them, short for branches: `main`, `refs/tags/v1`.
 * @param options.collectGarbage Whether what no ref leads to is gone; else it can be fetched by its id, as at GitLab.
 */
export async function createHost(options: {
  history: History;
  refs: Readonly<Record<string, string>>;
  collectGarbage?: boolean;
  objectFormat?: 'sha1' | 'sha256';
}): Promise<GitHost> {
  const { objectFormat = 'sha1' } = options;
  const server = await createRepository({ init: ['--bare', `--object-format=${objectFormat}`] });
  await server.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await server.git('config', 'uploadpack.allowFilter', 'true');
  const ids = await importHistory(server, options.history);
  for (const [ref, name] of Object.entries(options.refs)) {
    await server.git('update-ref', ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, ids[name] as string);
  }
  await server.git('update-ref', '-d', 'refs/import');
  if (options.collectGarbage) {
    await server.git('repack', '-adq');
    await server.git('prune', '--expire=now');
  }
  return { server, ids };
}
