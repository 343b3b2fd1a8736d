import { builtOtherwise } from '../dockerfile/builders/built-otherwise.ts';
import { type Builder, type BuilderCall, BUILDERS } from '../dockerfile/builders/builder.ts';
import { constructsIn } from '../dockerfile/builders/constructs.ts';
import { isIgnored } from '../dockerfile/ignore-file.ts';
import { DockerfileError } from '../dockerfile/parse.ts';
import { builtStages } from '../images/built-stages.ts';
import { relativeTo } from '../images/paths.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { pathsUnder } from '../tree.ts';
import type { CheckFinding } from './check-settings.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

/** What the image's builder ignores, builds wrongly or refuses, and what of it is only worth knowing. */
export function builderFindings(
  resolved: ResolvedImage,
  call: BuilderCall,
  side: LoadedSide,
): { findings: CheckFinding[]; hints: string[] } {
  const { image } = resolved;
  const found = builtOtherwise(constructsOf(resolved, side), call).map(
    ({ effect, line, column, sentence }) => ({
      effect,
      message: `${image.dockerfile}:${line}:${column}: ${sentence}`,
    }),
  );
  const messages = found.filter(({ effect }) => effect === 'wrong').map(({ message }) => message);
  const { builder } = call;
  if (builder?.startsWith('kaniko'))
    messages.push(...ignoredByDockerAlone(resolved, builder, side), ...ignoreRules(builder, side));
  return {
    findings: messages.map((message) => ({ code: 'builder', message })),
    hints: found.filter(({ effect }) => effect === 'note').map(({ message }) => message),
  };
}

function constructsOf(resolved: ResolvedImage, { images, config, found }: LoadedSide) {
  const { target } = resolved.image;
  const { findImage } = found.meanings;
  try {
    const built = builtStages(resolved, { images, findImage, registry: config.registry });
    return built === undefined ? [] : constructsIn({ ...built, target });
  } catch (error) {
    // What no builder takes is told as such.
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

/** Kaniko reads fewer paths out of a .dockerignore than Docker does: the first that it copies all the same. */
function ignoredByDockerAlone(
  { image, inputs }: ResolvedImage,
  builder: Builder,
  { tree }: LoadedSide,
): string[] {
  const { ignoreFile, context, sources } = inputs;
  const patterns = ignoreFile?.patterns ?? [];
  if (ignoreFile === undefined || patterns.length === 0) return [];
  for (const path of pathsUnder(tree, context)) {
    const relative = relativeTo(context, path) ?? '';
    if (isIgnored(patterns, relative, 'kaniko') || !isIgnored(patterns, relative, 'docker')) continue;
    if (!sources.some(({ matches }) => matches(relative))) continue;
    const { line, text } = patterns.findLast((pattern) => isIgnored([pattern], relative, 'docker')) ?? {
      line: 1,
      text: '',
    };
    return [
      `${ignoreFile.path}:${line}: ${text}: ${BUILDERS[builder]} copies ${path} into "${image.name}" all the same; add the line ${text}/**`,
    ];
  }
  return [];
}

/** What Kaniko copies must not be taken for ignored. */
function ignoreRules(builder: Builder, { config }: LoadedSide): string[] {
  if (config.dockerignore !== 'docker') return [];
  return [
    `${CONFIG_FILE}: dockerignore: ${BUILDERS[builder]}, which builds images here, ignores fewer files than Docker does, so that changes would be missed; write kaniko, or union`,
  ];
}
