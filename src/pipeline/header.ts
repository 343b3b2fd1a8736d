/** Lines for the top of a child pipeline's file, without `#`: what wrote it, and which commits it tells apart. */
export function pipelineHeader(
  options: { base: string | null; head: string; baseWhy: string },
  change = 'ci-templates/ or affected.yml',
): readonly string[] {
  const { base, head, baseWhy } = options;
  return [
    `Written by \`affected generate\`. Change ${change}, not this file.`,
    // Any text may stand in the reason, a line break too.
    `base ${base ?? 'none'} (${JSON.stringify(baseWhy).slice(1, -1)})`,
    `head ${head}`,
  ];
}

/** The commit whose images a child pipeline's file builds; `undefined` for the file of somebody else. */
export function headOfPipeline(text: string): string | undefined {
  const header = headerOf(text);
  if (!header[0]?.startsWith('# Written by `affected generate`')) return undefined;
  return header.map((line) => HEAD.exec(line)?.[1]).find((commit) => commit !== undefined);
}

/** Why that file's pipeline was compared with its base. */
export function baseReason(text: string): string | undefined {
  return headerOf(text)
    .map((line) => BASE.exec(line)?.[1])
    .find((reason) => reason !== undefined);
}

/** A file goes on with jobs, in which anything may stand. */
function headerOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines.slice(0, end === -1 ? lines.length : end);
}

const BASE = /^# base (?:none|[0-9a-f]+) \((.*)\)$/;

const HEAD = /^# head ([0-9a-f]{40}|[0-9a-f]{64})$/;
