export type KeyPath = readonly (string | number)[];

/** A setting as a person would write it, such as `images["docker/base/*"].args.X` or `references[0].match`. */
export function formatKeyPath(path: KeyPath): string {
  return path.map(formatStep).join('');
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[A-Za-z_]\w*$/.test(step)) return `[${JSON.stringify(step)}]`;
  return index === 0 ? step : `.${step}`;
}
