// Every question of the page, asked of every tool in checkouts of its own.
import { join } from 'node:path';
import { changes, history as changesHistory } from './changes.js';
import { startGitLab } from './gitlab.js';
import { history } from './history.js';
import { createHost, runnerCheckout } from './host.js';
import { imageNames, VENDORED, vendorHistory } from './repository.js';
import { situations } from './situations.js';
import { ask, tools } from './tools.js';

export const DEPTHS = [1, 20, 0];

/** `affected` fetches the base, so that tools asked after it would find more than the runner left. */
const ORDER = Object.keys(tools).toSorted((a, b) => Number(a === 'affected') - Number(b === 'affected'));

/**
 * Asks in each way a pipeline can start: without a base, and with the one that GitLab's variables name.
 *
 * @param options `{ scratch, modules, env }`: an empty directory, the tools' `node_modules`, and what each tool gets.
 * @returns One `{ situation, untold, told }` each; the answers of a tool by its name, one for each of DEPTHS.
 */
export async function askSituations({ scratch, modules, env }) {
  const asked = [];
  for (const [index, situation] of situations.entries()) {
    const server = join(scratch, `situation-${index}.git`);
    const { head, main = 'main', branch, tag, failed } = situation;
    const refs = { 'refs/heads/main': main, 'refs/heads/topic': 'topic', 'refs/tags/v1': 'main' };
    const ids = createHost({ directory: server, history, refs });
    const gitlab = failed && (await startGitLab({ scratch, built: ids.fork, failed: ids[failed] }));
    const variables = { ...variablesOf(situation, ids), ...gitlab?.variables };
    const base = variables.CI_MERGE_REQUEST_DIFF_BASE_SHA ?? variables.CI_COMMIT_BEFORE_SHA;
    const answers = { untold: empty(), told: empty() };
    for (const depth of DEPTHS) {
      const cwd = join(scratch, `situation-${index}-${depth}`);
      runnerCheckout({ server, directory: cwd, commit: ids[head], branch, tag, depth, modules });
      for (const tool of ORDER) {
        const question = { tool, cwd, env: { ...env, ...variables } };
        const untold = await ask(question);
        answers.untold[tool].push(untold);
        // It reads GitLab's variables itself.
        answers.told[tool].push(
          tool === 'affected' ? untold : await ask({ ...question, base, head: ids[head] }),
        );
      }
    }
    await gitlab?.close();
    asked.push({ situation, ...answers });
  }
  return asked;
}

/**
 * Asks about each change in a full clone, with the base named.
 *
 * @param options As for `askSituations`, and `order`: the tools to ask, which are all without it.
 * @returns One `{ change, answers, cwd, base, head }` each.
 */
export async function askChanges({ scratch, modules, env, order = ORDER }) {
  const vendored = createHost({
    directory: join(scratch, 'vendor.git'),
    history: vendorHistory,
    refs: { 'refs/heads/main': 'after' },
  });
  if (vendored.after !== VENDORED.after) throw new Error(`the submodule is at ${vendored.after} now`);
  const server = join(scratch, 'changes.git');
  const ids = createHost({
    directory: server,
    history: changesHistory,
    refs: { 'refs/heads/main': 'first' },
  });
  const asked = [];
  for (const [index, change] of changes.entries()) {
    const cwd = join(scratch, `change-${index}`);
    const head = ids[`change ${index}`];
    const base = ids[change.parent ?? 'first'];
    const { submodules } = change;
    runnerCheckout({ server, directory: cwd, commit: head, depth: 0, modules, submodules });
    const answers = {};
    for (const tool of order) {
      answers[tool] = await ask({ tool, cwd, env: { ...env, CI: 'true' }, base, head });
    }
    asked.push({ change: { all: imageNames.length, ...change }, answers, cwd, base, head });
  }
  return asked;
}

function empty() {
  return Object.fromEntries(ORDER.map((tool) => [tool, []]));
}

function variablesOf({ head, variables }, ids) {
  return Object.fromEntries(
    Object.entries({ ...variables, CI_COMMIT_SHA: `@${head}` }).map(([name, value]) => [
      name,
      value.startsWith('@') ? ids[value.slice(1)] : value,
    ]),
  );
}
