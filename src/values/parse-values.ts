import { envValues } from './env-values.ts';
import { jsonValues } from './json-values.ts';
import { propertiesValues } from './properties-values.ts';
import { tomlValues } from './toml-values.ts';
import type { Values } from './value.ts';
import { yamlValues } from './yaml-values.ts';

/**
 * The values of a file, read by what its name ends in: `.yml`, `.yaml`, `.json`, `.toml`, `.env` or `.properties`.
 *
 * @param options.single whether a second YAML document is an error.
 * @throws ValuesError.
 */
export function parseValues(text: string, path: string, options: { single: boolean }): Values {
  const content = text.replace(/^\uFEFF/, '');
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return (READERS[extension] ?? envValues)(content, options);
}

const READERS: Readonly<Record<string, (text: string, options: { single: boolean }) => Values>> = {
  yml: yamlValues,
  yaml: yamlValues,
  json: jsonValues,
  toml: tomlValues,
  env: envValues,
  properties: propertiesValues,
};
