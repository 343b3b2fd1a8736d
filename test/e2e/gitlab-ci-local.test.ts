import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createRepository, type TestRepository } from '../support/repository.ts';

const root = resolve(import.meta.dirname, '../..');

const hasRsync = (() => {
  try {
    execFileSync('rsync', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasRsync)
  process.stderr.write('rsync is not installed: the root pipeline is not run by gitlab-ci-local\n');

// gitlab-ci-local copies the project with rsync; the jobs run the bundle that `npm test` builds first.
describe.skipIf(!hasRsync)('gitlab-ci-local runs the root pipeline into its child', () => {
  test('the images a push affects are built, in order', async () => {
    const { repository, bin, kaniko } = await projectWithStandIns();
    const before = await repository.git('rev-parse', 'HEAD');
    await repository.commit({ 'pyspark/scripts/new.sh': '#!/bin/sh\n' });
    const output = await gitlabCiLocal(repository, bin, before);
    expect(output).toMatch(/PASS.*generate-pipeline/);
    expect(output).toMatch(/PASS.*affected-images/);
    const calls = (await readFile(join(kaniko, 'calls'), 'utf8')).trim().split('\n');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/ --destination=\S+\/group\/project\/pyspark:candidate-pipeline-\d+ /);
    const seen = await readFile(join(kaniko, 'after'), 'utf8');
    const image = String.raw`\S+/group/project/pyspark@sha256:0`;
    expect(seen).toMatch(new RegExp(`^trivy image ${image}$`, 'm'));
    expect(seen).toMatch(new RegExp(`^syft scan registry:${image} --output spdx-json=sbom.spdx.json$`, 'm'));
    // Last of all, after both.
    expect(seen).toMatch(new RegExp(`\npublish latest main ${image}\n$`));
  });

  test('a push that affects nothing runs one job that does nothing', async () => {
    const { repository, bin } = await projectWithStandIns();
    const before = await repository.git('rev-parse', 'HEAD');
    await repository.commit({ 'pyspark/README.md': 'changed\n' });
    const output = await gitlabCiLocal(repository, bin, before);
    expect(output).toContain('No image is affected.');
    expect(output).toMatch(/PASS.*affected-images/);
  });
});

/** A copy of this project whose jobs find a stand-in for npm and for Kaniko, and no image's own jobs to run. */
async function projectWithStandIns(): Promise<{ repository: TestRepository; bin: string; kaniko: string }> {
  const repository = await createRepository();
  const outside = await createRepository();
  const kaniko = join(outside.dir, 'kaniko');
  const bin = join(outside.dir, 'bin');
  await mkdir(kaniko);
  await mkdir(bin);
  await program(
    join(kaniko, 'executor'),
    `echo "$@" >> ${kaniko}/calls\nprintf sha256:0 > ${kaniko}/affected.digest\n`,
  );
  await program(join(bin, 'npm'), 'exit 0\n');
  const handed = '"$AFFECTED_BRANCH_TAG_1" "$AFFECTED_BRANCH_TAG_2" "$AFFECTED_IMAGE_PYSPARK"';
  await program(
    join(bin, 'npx'),
    `shift\nif [ "$1" = publish ]; then echo publish ${handed} >> ${kaniko}/after; exit; fi\nexec node ${root}/bin/affected.js "$@"\n`,
  );
  for (const name of ['trivy', 'syft'])
    await program(join(bin, name), `echo ${name} "$@" >> ${kaniko}/after\n`);
  for (const path of [
    '.gitlab-ci.yml',
    'affected.yml',
    'airflow',
    'pyspark',
    'kafka-connect',
    'ci-templates',
  ]) {
    await cp(join(root, path), join(repository.dir, path), { recursive: true });
  }
  const template = join(repository.dir, 'ci-templates/kaniko.yml');
  await writeFile(
    template,
    (await readFile(template, 'utf8')).replaceAll(/(?<=\s|=)\/kaniko(?=[/\s])/g, kaniko),
  );
  // Its shell runs where the project is, but calls that place /builds/group/project.
  const shared = join(repository.dir, 'ci-templates/shared.yml');
  await writeFile(
    shared,
    (await readFile(shared, 'utf8')).replace('$CI_PROJECT_DIR/.affected.env', '.affected.env'),
  );
  await repository.commit({
    'airflow/.gitlab-ci.yml': null,
    'pyspark/.gitlab-ci.yml': null,
    'kafka-connect/.gitlab-ci.yml': null,
    '.gitignore': '.gitlab-ci-local/\nchild-pipeline.yml\n',
  });
  await repository.git('remote', 'add', 'origin', 'https://gitlab.example.com/group/project.git');
  return { repository, bin, kaniko };
}

async function program(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}`);
  await chmod(file, 0o755);
}

async function gitlabCiLocal(repository: TestRepository, bin: string, before: string): Promise<string> {
  const variables = {
    GITLAB_CI: 'true',
    CI_PIPELINE_SOURCE: 'push',
    CI_COMMIT_BRANCH: 'main',
    CI_DEFAULT_BRANCH: 'main',
    CI_COMMIT_BEFORE_SHA: before,
    CI_REGISTRY_IMAGE: 'registry.example.com/group/project',
  };
  const args = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  const { stdout, stderr } = await promisify(execFile)(
    'node',
    [join(root, 'node_modules/gitlab-ci-local/src/index.js'), '--force-shell-executor', ...args],
    {
      cwd: repository.dir,
      env: { PATH: `${bin}:${process.env['PATH']}`, HOME: repository.dir, GIT_CONFIG_GLOBAL: '/dev/null' },
    },
  ).catch((error: unknown) => error as { stdout: string; stderr: string });
  return stdout + stderr;
}
