import { type Builder, type BuilderCall, isBuilder } from '../dockerfile/builders/builder.ts';
import { type CiMap, CiPlain, type CiValue, isCiMap } from './ci-yaml.ts';
import { inheritedValue, reachedByExtends } from './merge.ts';
import { reachedTemplates, type Templates } from './templates.ts';

/** Names of images that are a builder, the most telling first: Chainguard's Kaniko is never only that. */
const IMAGES: readonly (readonly [RegExp, Builder])[] = [
  [/kaniko-project\/executor/, 'kaniko-google'],
  [/chainguard.*kaniko/, 'kaniko-chainguard'],
  [/kaniko/, 'kaniko'],
  [/buildkit/, 'buildkit'],
  [/buildah/, 'buildah'],
];

/** Which builder a job calls, and how: its variable AFFECTED_BUILDER tells, else the name of its image. */
export function builderCall(job: CiMap, templates: Templates): BuilderCall {
  const variables = variablesOf(job, templates);
  const named = variables.get('AFFECTED_BUILDER') || builderNamed(imageName(job, templates));
  const builder = named !== undefined && isBuilder(named) ? named : undefined;
  const said = [job, ...reachedTemplates(templates, job).map(({ definition }) => definition)];
  const scripts = said.map((each) => ({ ...each, variables: undefined }));
  return { builder, variables, text: JSON.stringify(said), scripts: JSON.stringify(scripts) };
}

function builderNamed(image: string): Builder | undefined {
  return IMAGES.find(([name]) => name.test(image))?.[1];
}

function imageName(job: CiMap, templates: Templates): string {
  const image = inheritedValue(job, 'image', templates);
  return textOf(isCiMap(image) ? image['name'] : image);
}

/** Those of the job over those of the hidden jobs it extends. */
function variablesOf(job: CiMap, templates: Templates): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { variables: own } of reachedByExtends(job, templates).toReversed()) {
    if (!isCiMap(own)) continue;
    for (const [name, value] of Object.entries(own))
      variables.set(name, textOf(isCiMap(value) ? value['value'] : value));
  }
  return variables;
}

function textOf(value: CiValue | undefined): string {
  if (value instanceof CiPlain) return value.text;
  return typeof value === 'string' ? value : '';
}
