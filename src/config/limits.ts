import * as z from 'zod/mini';
import { described, mapping } from './shapes.ts';

const COUNT = 'write a whole number above 0';
const count = z.int({ error: COUNT }).check(z.positive({ error: COUNT }));

/** What GitLab refuses: the defaults are those of a server of one's own, as `pipeline/limits` has them. */
export const limits = mapping('write a mapping with tier or single limits', {
  tier: described(
    z.prefault(
      z.enum(['self-managed', 'free', 'premium', 'ultimate'], {
        error: 'write self-managed, free, premium or ultimate',
      }),
      'self-managed',
    ),
    "Whose limits count: the defaults of a server of one's own, or those of a subscription of gitlab.com.",
  ),
  jobs: described(
    z.exactOptional(count),
    "Jobs of one pipeline. When absent, 450 (of 500 in all that are active), 1500 or 2000 on gitlab.com; no limit on a server of one's own.",
  ),
  needs: described(z.exactOptional(count), 'Needs of one job. 50 when absent.'),
  dotenvVariables: described(
    z.exactOptional(count),
    "Variables of one dotenv report. When absent, 50, 100 or 150 on gitlab.com; 20 on a server of one's own.",
  ),
  dotenvBytes: described(z.exactOptional(count), 'Bytes of one dotenv report. 5120 when absent.'),
  yamlBytes: described(
    z.exactOptional(count),
    "Bytes of one pipeline in GitLab's memory, which are more than those of its text. 2097152 when absent; 1048576 before GitLab 17.3.",
  ),
  artifactBytes: described(
    z.exactOptional(count),
    'Bytes of the archive that holds a pipeline. 5242880 when absent.',
  ),
});
