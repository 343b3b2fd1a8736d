import { renderBase } from '../render/base.ts';
import type { CommandFunction } from '../run.ts';
import { decideBase } from './changes-since-base.ts';
import { openHead } from './load-head.ts';

/** `affected base`: which commit would be compared with, how it was found, and what was fetched for it. */
export const base: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location;
  const opening = openHead({ location, workingTree: undefined, options });
  const fetched: string[] = [];
  const decision = await decideBase({ location, opening, options, say: (line) => fetched.push(line) });
  // What is wrong with the head's config is told even where the decision did not need it.
  await opening;
  const source = surroundings.env['CI_PIPELINE_SOURCE'] || (surroundings.env['GITLAB_CI'] ? 'push' : 'local');
  surroundings.stdout(
    renderBase({ ...decision, head: location.commit, source, fetched }, { json: values.json ?? false }),
  );
  return values.strict && decision.widened ? 2 : 0;
};
