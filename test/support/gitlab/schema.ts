import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readConfiguration } from './configuration.ts';
import { toJson } from './value.ts';

/**
 * Validates a pipeline against GitLab's own JSON Schema, after `extends` and `!reference` are resolved. Returns one
 * sentence an error. The schema is the copy inside gitlab-ci-local, or `gitlab/ci-schema.json` in the folder
 * CONFORMANCE_DATA names.
 */
export async function checkSchema(yaml: string): Promise<string[]> {
  const { configuration, findings } = readConfiguration(yaml);
  if (configuration === undefined) return findings.map(({ message }) => message);
  validator ??= compile();
  const validate = await validator;
  if (validate(withFlatScripts(toJson(configuration.merged))) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`);
}

/**
 * A reference in a script that is referred to makes lists in lists, ten of which GitLab takes (doc/ci/yaml/yaml_optimization,
 * `!reference` tags); its schema knows of one, as it sees the file before references are resolved.
 */
function withFlatScripts(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      SCRIPTS.has(key) && Array.isArray(value) ? value.flat(10) : withFlatScripts(value),
    ]),
  );
}

const SCRIPTS = new Set(['script', 'before_script', 'after_script']);

let validator: Promise<ValidateFunction> | undefined;

async function compile(): Promise<ValidateFunction> {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(await loadSchema());
}

async function loadSchema(): Promise<object> {
  const data = process.env['CONFORMANCE_DATA'];
  if (data !== undefined) {
    return JSON.parse(readFileSync(join(data, 'gitlab', 'ci-schema.json'), 'utf8')) as object;
  }
  // @ts-expect-error The package carries no types for this file.
  const { schema } = (await import('gitlab-ci-local/src/schema/schema.js')) as { schema: object };
  return schema;
}
