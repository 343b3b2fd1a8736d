import * as z from 'zod/mini';
import { quantity, runnerTag, timeout, variableName } from './fields.ts';
import { network } from './network.ts';
import { described, mapping, someOf } from './shapes.ts';

const EXPECTATION =
  'write a mapping of settings, such as tags, timeout, retry, requests, limits, proxy, variables or allowFailure';

function resources(description: string) {
  return described(
    z.exactOptional(
      mapping('write a mapping with cpu or memory', {
        cpu: described(z.exactOptional(quantity), 'Cores, such as 2 or 500m.'),
        memory: described(z.exactOptional(quantity), 'Bytes, such as 4Gi.'),
      }),
    ),
    description,
  );
}

/**
 * What runs the build jobs. Everything else about a job stands in the hidden job it extends: here is what differs from
 * image to image.
 */
export const runner = mapping(EXPECTATION, {
  tags: described(z.exactOptional(someOf(runnerTag, 'tags')), 'Tags of the runners that may take the job.'),
  timeout: described(z.exactOptional(timeout), "How long the job may run, in GitLab's words: 1h 30m."),
  retry: described(
    z.exactOptional(z.literal([0, 1, 2], { error: 'write 0, 1 or 2' })),
    'How often the job is run again where the runner or the system failed; a build that fails is not.',
  ),
  requests: resources('What the container of the job is given on Kubernetes.'),
  limits: resources('What the container of the job may take at most on Kubernetes.'),
  ...network,
  variables: described(
    z.exactOptional(
      z.record(variableName, z.string({ error: 'variables are strings' }), {
        error: 'write a mapping of variables to strings',
      }),
    ),
    'Variables of the job, such as AFFECTED_FLAG_1 for a flag of the builder. GitLab expands variables in them.',
  ),
  allowFailure: described(
    z.exactOptional(z.boolean({ error: 'write true or false' })),
    "Whether the pipeline goes on where the image can't be built.",
  ),
});
export type Runner = z.infer<typeof runner>;
