import { asString, asStrings, isMapping, type Value } from './value.ts';

export interface JobImage {
  readonly name: string;
  /** Undefined: the image's own. */
  readonly entrypoint: readonly string[] | undefined;
}

export function readImage(value: Value | undefined): JobImage | undefined {
  if (!isMapping(value)) {
    const name = asString(value);
    return name === undefined ? undefined : { name, entrypoint: undefined };
  }
  const entrypoint = value.get('entrypoint');
  return {
    name: asString(value.get('name')) ?? '',
    entrypoint: entrypoint === undefined ? undefined : asStrings(entrypoint),
  };
}
