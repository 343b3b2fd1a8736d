import { isDirect } from '../affected/reasons.ts';
import { AffectedError } from '../errors.ts';
import { imageGraph } from '../images/graph.ts';
import { type GraphFormat, renderGraph } from '../render/graph.ts';
import type { CommandFunction } from '../run.ts';
import { compare } from './compare.ts';
import { exitCodeFor } from './strict.ts';
import { failOnUnowned } from './unowned-policy.ts';

const FORMATS: readonly string[] = ['mermaid', 'dot', 'json'] satisfies GraphFormat[];

/** `affected graph`: the image graph, the affected images marked. */
export const graph: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const format = values.format ?? 'mermaid';
  if (!FORMATS.includes(format)) {
    throw new AffectedError('usage', `--format ${JSON.stringify(format)}: formats are ${FORMATS.join(', ')}`);
  }
  const { comparison, head } = await compare({ ...options, includeWorkingTree: true });
  const affected = new Map(
    comparison.affected.map(
      ({ image, reasons }) => [image.name, reasons.some(isDirect) ? 'direct' : 'dependent'] as const,
    ),
  );
  surroundings.stdout(renderGraph({ graph: imageGraph(head.side.images), affected }, format as GraphFormat));
  return Math.max(exitCodeFor(comparison, values), failOnUnowned(comparison, options));
};
