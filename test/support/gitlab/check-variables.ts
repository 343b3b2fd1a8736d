import type { Configuration } from './configuration.ts';
import type { Finding } from './finding.ts';
import { readVariables } from './job.ts';
import { asString, isList, isMapping, isRubyScalar } from './value.ts';
import type { Value } from './value.ts';
import { findVariableCycle } from './variables.ts';

/** Checks all variables of the file: of the top level, of the jobs and of rules. */
export function checkVariables({ merged, jobs }: Configuration): Finding[] {
  const places: [string | undefined, Value | undefined][] = [
    [undefined, merged.get('variables')],
    ...ruleVariables(undefined, merged.get('workflow')),
  ];
  for (const { name, body } of jobs.values()) {
    places.push([name, body.get('variables')], ...ruleVariables(name, body));
  }
  const named = places.flatMap(([job, variables]) => checkPlace(job, variables));
  const circles = [...jobs.values()].flatMap(({ name, variables }) => {
    const circle = findVariableCycle(new Map([...readVariables(merged.get('variables')), ...variables]));
    return circle === undefined ? [] : [{ job: name, circle }];
  });
  return [
    ...named,
    ...circles.map(({ job, circle }): Finding => ({
      code: 'variable-cycle',
      job,
      message: `${job}: circular variable reference detected: ${circle.join(', ')}`,
    })),
  ];
}

function ruleVariables(
  job: string | undefined,
  owner: Value | undefined,
): [string | undefined, Value | undefined][] {
  const rules = isMapping(owner) ? owner.get('rules') : undefined;
  if (!isList(rules)) return [];
  return rules.filter(isMapping).map((rule) => [job, rule.get('variables')]);
}

function checkPlace(job: string | undefined, variables: Value | undefined): Finding[] {
  if (variables === undefined) return [];
  const finding = (code: Finding['code'], message: string): Finding => ({
    code,
    ...(job === undefined ? {} : { job }),
    message: `${job ?? 'top level'}: ${message}`,
  });
  if (!isMapping(variables)) return [finding('variable-value-invalid', 'variables must be a mapping.')];
  return [...variables].flatMap(([name, definition]) => {
    const value = isMapping(definition) ? (definition.get('value') ?? '') : definition;
    const findings = /^[a-zA-Z_]\w*$/u.test(name)
      ? []
      : [finding('variable-name-invalid', `${name} can't be exported by a shell.`)];
    if (isRewritten(value)) {
      findings.push(
        finding('variable-rewritten', `${name}: ${value.text} becomes ${value.printed}; quote it.`),
      );
    } else if (asString(value) === undefined && typeof value !== 'number') {
      findings.push(
        finding('variable-value-invalid', `${name}: variable definition must be either a string or a hash`),
      );
    }
    return findings;
  });
}

/** Integers such as 0777 and symbols such as :latest are taken, but not as they are written. */
function isRewritten(value: Value): value is Extract<Value, { kind: 'scalar' }> {
  return isRubyScalar(value) && (value.class === 'Integer' || value.class === 'Symbol');
}
