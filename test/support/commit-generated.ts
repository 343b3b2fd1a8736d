import { stringify } from 'yaml';
import { filesOf, type GeneratedRepository, settingsOf } from './generated-repository.ts';
import type { Files, FileSpec, TestRepository } from './repository.ts';

/** Commits exactly these files, and the config that goes with them. */
export async function commitGenerated(
  repository: TestRepository,
  state: GeneratedRepository,
): Promise<string> {
  await repository.git('rm', '-r', '-q', '--ignore-unmatch', '.');
  const files = Object.entries(filesOf(state)).map(([path, file]): [string, FileSpec] => [
    path,
    specOf(file),
  ]);
  const entries: Files = [...files, ['affected.yml', stringify(settingsOf(state))]];
  return repository.commit(entries);
}

function specOf(file: ReturnType<typeof filesOf>[string]): FileSpec {
  if (typeof file === 'string') return file;
  if ('executable' in file) return { content: file.executable, mode: '100755' };
  if ('symlink' in file) return { symlink: file.symlink };
  if ('submodule' in file) return { submodule: file.submodule };
  throw new Error('a clone that lacks the blob is not meant here');
}
