import type { Runner } from '../config/runner.ts';
import { type BuilderCall, BUILDERS } from '../dockerfile/builders/builder.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { networkVariables } from '../pipeline/runner-keywords.ts';
import type { Tree } from '../tree.ts';
import type { CheckFinding } from './check-settings.ts';
import { CONFIG_FILE } from './load-config.ts';

/** What a job is told of its runner and its builder, and does not make anything of. */
export function runnerFindings({ image }: ResolvedImage, call: BuilderCall, tree: Tree): CheckFinding[] {
  const { runner = {} } = image;
  const messages = [...unknownBuilder(call), ...flagsUnread(call), ...networkUnread(runner, call)].map(
    (message) => `"${image.name}": ${message}`,
  );
  const { certificates } = runner;
  if (certificates !== undefined && !certificates.startsWith('$') && !tree.get(certificates))
    messages.push(
      `${CONFIG_FILE}: certificates: ${certificates} is no file of this repository; correct the path, or name a variable such as $CI_SERVER_TLS_CA_FILE`,
    );
  return messages.map((message) => ({ code: 'builder', message }));
}

function unknownBuilder({ builder, variables }: BuilderCall): string[] {
  const named = variables.get('AFFECTED_BUILDER');
  if (!named || builder !== undefined) return [];
  const known = new Intl.ListFormat('en', { type: 'disjunction' }).format(Object.keys(BUILDERS));
  return [`AFFECTED_BUILDER is ${JSON.stringify(named)}, which is no builder; write ${known}`];
}

/** The job takes its flags in turn, up to the first that is missing or empty. */
function flagsUnread({ builder, variables }: BuilderCall): string[] {
  if (builder === undefined) return [];
  let next = 1;
  while (variables.get(`AFFECTED_FLAG_${next}`)) next++;
  const beyond = [...variables].find(([name, value]) => value !== '' && numberOfFlag(name) > next);
  if (beyond === undefined) return [];
  return [
    `its job does not read ${beyond[0]}, as AFFECTED_FLAG_${next} is not set; number the flags from 1 on, those of the job it extends included`,
  ];
}

function numberOfFlag(name: string): number {
  return Number(/^AFFECTED_FLAG_(\d+)$/.exec(name)?.[1] ?? 0);
}

/** A job of somebody's own may look at none of it. */
function networkUnread(runner: Runner, { scripts }: BuilderCall): string[] {
  const unread = Object.keys(networkVariables(runner)).find(
    (name) => !scripts.includes(name.replace(/\d+$/, '')),
  );
  if (unread === undefined) return [];
  return [
    `its job does not read ${unread}, which "runner" in ${CONFIG_FILE} sets; add to its script what .kaniko-build has for it`,
  ];
}
