import type { BakePlan, BakeTarget } from '../pipeline/bake-plan.ts';
import { printableJson } from './printable.ts';

/**
 * The file for `docker buildx bake --file`, in HCL's JSON syntax: strings and keys are templates there, so what begins
 * one is written twice.
 *
 * @param options.header a comment.
 */
export function renderBake({ groups, targets }: BakePlan, { header }: { header: readonly string[] }): string {
  return printableJson({
    '//': header.join(' · '),
    group: Object.fromEntries([...groups].map(([name, members]) => [name, { targets: members }])),
    // An empty block is refused.
    ...(targets.length === 0
      ? {}
      : { target: Object.fromEntries(targets.map((target) => [target.name, targetBlock(target)])) }),
  });
}

function targetBlock({ context, dockerfile, target, contexts, args, tags, platforms }: BakeTarget) {
  return {
    context: template(context),
    dockerfile: template(dockerfile),
    ...(target === undefined ? {} : { target: template(target) }),
    ...(contexts.size === 0 ? {} : { contexts: templates(contexts) }),
    ...(args.size === 0 ? {} : { args: templates(args) }),
    tags: tags.map(template),
    ...(platforms.length === 0 ? {} : { platforms: platforms.map(template) }),
  };
}

function templates(values: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...values].map(([key, value]) => [template(key), template(value)]));
}

/** HCL's native syntax specification, "Template Literals": only `${` and `%{` begin something. */
function template(text: string): string {
  return text.replaceAll(/([$%])\{/g, '$1$1{');
}
