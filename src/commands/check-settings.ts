import { compileGlobPattern, compileGlobs } from '../images/globs.ts';
import { imagePlaces } from '../images/image.ts';
import { linkedFiles } from '../images/declared-globs.ts';
import { isDirectory } from '../tree.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

/** Something a person should mend: a code and a sentence that names the file. */
export interface CheckFinding {
  code: string;
  message: string;
}

/** Settings that do nothing here, most likely because of a typing error: a mistyped input is missed on every run. */
export function unusedSettings({ tree, snapshot, images, config }: LoadedSide): CheckFinding[] {
  const places = [...images.values()].flatMap(({ image }) => imagePlaces(image));
  const matchesPath = (glob: string) => tree.paths.some(compileGlobs([glob]));
  const matchesImage = (glob: string) => places.some(compileGlobs([glob]));
  const matchesInput = (glob: string) => matchesPath(glob) || linkedFiles(snapshot, glob).size > 0;
  const messages: string[] = [];
  if (images.size === 0)
    messages.push(`no file is a Dockerfile by "discover": ${config.discover.dockerfiles.join(', ')}`);
  for (const { directory, inputs = [] } of config.images) {
    if (!matchesImage(directory)) messages.push(`images["${directory}"] is no image's directory`);
    for (const input of inputs) {
      for (const glob of typeof input === 'string' ? [input] : input.paths)
        if (!matchesInput(glob)) messages.push(`images["${directory}"].inputs: no file matches ${glob}`);
    }
  }
  for (const { paths, keys, images: globs } of config.inputs) {
    for (const glob of paths) if (!matchesInput(glob)) messages.push(`inputs: no file matches ${glob}`);
    for (const glob of globs)
      if (!(keys ? places.some(compileGlobPattern(glob)) : matchesImage(glob)))
        messages.push(`inputs: ${glob} is no image's directory`);
  }
  for (const glob of config.unowned.except)
    if (!matchesPath(glob)) messages.push(`unowned.except: no file matches ${glob}`);
  for (const { image, inputs } of images.values()) {
    if (!isDirectory(tree, inputs.context))
      messages.push(`the context of "${image.name}", ${image.context}, is no directory`);
  }
  for (const name of ['affected.yaml', '.affected.yml', '.affected.yaml']) {
    if (tree.get(name)) messages.push(`${name} is not read; rename it to ${CONFIG_FILE}`);
  }
  return messages.map((message) => ({ code: 'unused-setting', message: `${CONFIG_FILE}: ${message}` }));
}

/** Sources that leave the build context: Kaniko finds them in the checkout, BuildKit does not. */
export function escapingSources({ images }: LoadedSide): CheckFinding[] {
  return [...images.values()].flatMap(({ image, inputs }) =>
    inputs.sources
      .filter(({ outside }) => outside !== undefined)
      .map(({ instruction, source, line }) => ({
        code: 'outside-context',
        message: `${image.dockerfile}:${line}: ${instruction} ${source} leaves the build context; set a "context" that holds it in ${CONFIG_FILE}`,
      })),
  );
}

/**
 * References to somebody else's images that end in the name of one of ours, such as a registry spelled out: where they
 * mean ours, an edge is missing. Only a person can tell, so these are hints and no findings.
 */
export function lookalikes({ images }: LoadedSide): string[] {
  const repositories = [...new Set([...images.values()].map(({ image }) => image.repository))];
  const hints = [...images.values()].flatMap(({ image, external }) =>
    external.flatMap(({ reference, line }) => {
      const repository = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
      const meant = repositories.find(
        (ours) => ours !== image.repository && lastPart(ours) === lastPart(repository),
      );
      if (meant === undefined) return [];
      return [
        `${image.dockerfile}:${line}: "${reference}" may mean the image "${meant}"; if it does, set "registry" or add a rule under "references" in ${CONFIG_FILE}`,
      ];
    }),
  );
  // Variants share a Dockerfile.
  return [...new Set(hints)];
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
