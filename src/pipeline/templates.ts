import { AffectedError } from '../errors.ts';
import { type CiMap, type CiValue, isCiMap, namesIn, parseCiFile, referencesIn } from './ci-yaml.ts';

/** A hidden job that generated jobs extend, and the file that defines it. */
export interface Template {
  name: string;
  file: string;
  definition: CiMap;
}

export type Templates = ReadonlyMap<string, Template>;

/**
 * Reads files of hidden jobs. Only hidden jobs may stand in them: anything else would change jobs it does not name.
 *
 * @param files contents by path.
 * @throws AffectedError `ci-yaml` for YAML that doesn't parse, `template` for a key that is no hidden job or is
 *   defined in two files.
 */
export function parseTemplates(files: ReadonlyMap<string, string>): Templates {
  const templates = new Map<string, Template>();
  for (const [file, text] of files) {
    for (const { key, value, line, column } of parseCiFile(text, file).entries) {
      const at = `${file}:${line}:${column}`;
      if (!key.startsWith('.') || !isCiMap(value)) {
        throw new AffectedError(
          'template',
          `${at}: "${key}" is no hidden job; only jobs whose name starts with "." may stand here`,
        );
      }
      const other = templates.get(key);
      if (other)
        throw new AffectedError(
          'template',
          `${at}: "${key}" is also defined in ${other.file}; remove one of them`,
        );
      templates.set(key, { name: key, file, definition: value });
    }
  }
  return templates;
}

/** The hidden jobs a definition reaches through `extends` and `!reference`, itself not included; each one once. */
export function reachedTemplates(templates: Templates, definition: CiValue): readonly Template[] {
  return templatesBehind(templates, usedNames(definition));
}

/** The hidden jobs of these names, and all that they reach; each one once. */
export function templatesBehind(templates: Templates, names: Iterable<string>): readonly Template[] {
  const reached = new Map<string, Template>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const template = templates.get(name);
    if (!template || reached.has(name)) continue;
    reached.set(name, template);
    queue.push(...usedNames(template.definition));
  }
  return [...reached.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the jobs a job or a list of jobs refers to, defined or not. */
export function usedNames(definition: CiValue): readonly string[] {
  const extended = isCiMap(definition) ? namesIn(definition['extends']) : [];
  return [...extended, ...referencesIn(definition).flatMap(({ path }) => path.slice(0, 1))];
}
