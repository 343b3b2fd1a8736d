import * as z from 'zod/mini';
import { hiddenJob } from './fields.ts';
import { described, mapping } from './shapes.ts';

const step = z.union([hiddenJob, z.literal(false)], {
  error: 'write the name of a hidden job, which begins with ".", or false',
});

/** What is asked of an image between its build and its tags: hidden jobs, or `false` for a step that is left out. */
export const verify = mapping('write a mapping with scan, sbom or test', {
  scan: described(
    z.exactOptional(step),
    'Hidden job that scans the image for vulnerabilities; .affected-scan.',
  ),
  sbom: described(
    z.exactOptional(step),
    'Hidden job that lists what is in an image that is published; .affected-sbom.',
  ),
  test: described(
    z.exactOptional(step),
    'Hidden job that tests an image beside whose Dockerfile a structure-test.yaml stands; .affected-structure-test.',
  ),
});
export type Verify = z.infer<typeof verify>;
