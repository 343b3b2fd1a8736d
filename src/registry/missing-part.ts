import * as z from 'zod/mini';
import { NoAnswerError } from '../http/answer.ts';
import { type Ask, unlessAbsent } from './ask.ts';
import { type Manifest, readManifest } from './manifests.ts';

/**
 * What of an image is not there, in words; `undefined` where it stands whole: its manifest, those of all platforms, their
 * configs and layers. A tag alone proves little: a registry's garbage collection may have taken what is below it.
 *
 * @throws {NoAnswerError}
 */
export async function missingPart(ask: Ask, digest: string, depth = 0): Promise<string | undefined> {
  const manifest = await readManifest(ask, digest);
  if (manifest === undefined) return `the manifest ${digest}`;
  const { manifests, config, layers } = partsOf(manifest);
  if (manifests.length > 0 && depth === DEEPEST) throw unreadable(manifest);
  for (const { digest: one } of manifests) {
    const missing = await missingPart(ask, one, depth + 1);
    if (missing !== undefined) return missing;
  }
  for (const { digest: one } of config) {
    if (!(await isThere(ask, one))) return `the config ${one}`;
  }
  for (const { digest: one, urls = [] } of layers) {
    // A layer that may not be distributed is fetched from elsewhere.
    if (urls.length === 0 && !(await isThere(ask, one))) return `the layer ${one}`;
  }
  return undefined;
}

/** An index may hold indexes; none that anybody builds does so twice. */
const DEEPEST = 3;

const part = z.object({
  digest: z.string().check(z.regex(/^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/)),
  urls: z.optional(z.array(z.string())),
});
const index = z.object({ manifests: z.array(part) });
const image = z.object({ config: part, layers: z.array(part) });

type Part = z.infer<typeof part>;

function partsOf(manifest: Manifest): { manifests: Part[]; config: Part[]; layers: Part[] } {
  const json = jsonOf(manifest);
  if (/index|list/.test(manifest.mediaType)) {
    const parsed = index.safeParse(json);
    if (parsed.success) return { manifests: parsed.data.manifests, config: [], layers: [] };
  } else {
    const parsed = image.safeParse(json);
    if (parsed.success) return { manifests: [], config: [parsed.data.config], layers: parsed.data.layers };
  }
  throw unreadable(manifest);
}

function jsonOf({ text }: Manifest): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable({ digest }: Manifest): NoAnswerError {
  return new NoAnswerError(`${digest} is no manifest that this program knows`, 200);
}

async function isThere(ask: Ask, digest: string): Promise<boolean> {
  return (await unlessAbsent(ask({ method: 'HEAD', path: `blobs/${digest}` }))) !== undefined;
}
