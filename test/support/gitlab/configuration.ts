import { resolveExtends } from './extends.ts';
import type { Finding } from './finding.ts';
import { readJob } from './job.ts';
import type { Job, Rule, Variable } from './job.ts';
import { readRules, readVariables } from './job.ts';
import { loadYaml } from './load.ts';
import { resolveReferences } from './references.ts';
import { asStrings, isList, isMapping } from './value.ts';
import type { Mapping, Value } from './value.ts';

/** A pipeline's configuration with everything inherited, merged and referred to in its place. */
export interface Configuration {
  /** The top level as YAML has it: what GitLab weighs, before `extends` (lib/gitlab/config/loader/yaml.rb). */
  readonly loaded: Mapping;
  /** The top level after `extends` and `!reference`: what GitLab would show as the merged file. */
  readonly merged: Mapping;
  /** With `.pre` and `.post` around them. */
  readonly stages: readonly string[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly workflow: readonly Rule[] | undefined;
  /** In the order of the file, without the hidden ones. */
  readonly jobs: ReadonlyMap<string, Job>;
  readonly hidden: ReadonlySet<string>;
}

export interface ReadConfiguration {
  readonly configuration: Configuration | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Reads a pipeline in GitLab's order: YAML, then `extends`, then `!reference`, then defaults. Values of a wrong
 * shape are left out here: the JSON Schema and the checks name them. Source: lib/gitlab/ci/config.rb.
 */
export function readConfiguration(yaml: string): ReadConfiguration {
  const loaded = loadYaml(yaml);
  if (loaded.config === undefined) return { configuration: undefined, findings: loaded.findings };
  const extended = resolveExtends(loaded.config);
  const resolved = resolveReferences(extended.config);
  const findings = [...loaded.findings, ...extended.findings, ...resolved.findings];
  return { configuration: arrange(resolved.config, loaded.config), findings };
}

/** Top-level keys that are never jobs. Source: lib/gitlab/ci/config/entry/root.rb and doc/ci/jobs. */
export const globalKeys: ReadonlySet<string> = new Set([
  'default',
  'include',
  'before_script',
  'image',
  'services',
  'after_script',
  'variables',
  'stages',
  'cache',
  'workflow',
  'spec',
]);

function arrange(merged: Mapping, loaded: Mapping): Configuration {
  const names = [...merged.keys()].filter((key) => !globalKeys.has(key));
  const visible = names.filter((name) => !name.startsWith('.'));
  const workflow = merged.get('workflow');
  return {
    loaded,
    merged,
    stages: edged(merged.get('stages')),
    variables: readVariables(merged.get('variables')),
    workflow: isMapping(workflow) ? readRules(workflow.get('rules')) : undefined,
    jobs: new Map(visible.map((name) => [name, readJob({ name, body: merged.get(name), globals: merged })])),
    hidden: new Set(names.filter((name) => name.startsWith('.'))),
  };
}

/** Source: lib/gitlab/ci/config/edge_stages_injector.rb. */
function edged(value: Value | undefined): string[] {
  const named = isList(value) ? asStrings(value) : ['build', 'test', 'deploy'];
  return ['.pre', ...named.filter((stage) => stage !== '.pre' && stage !== '.post'), '.post'];
}
