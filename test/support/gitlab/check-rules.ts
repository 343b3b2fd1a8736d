import type { PipelineContext } from './check.ts';
import type { Configuration } from './configuration.ts';
import { evaluate, isTrue, parseExpression, unknown } from './expression.ts';
import type { Operand } from './expression.ts';
import type { Finding } from './finding.ts';
import type { Job, Rule } from './job.ts';

interface RuleCheck {
  readonly job: Job;
  readonly configuration: Configuration;
  readonly context: PipelineContext;
}

/**
 * Checks a job's rules, and that it has some where its absence keeps it out of a merge request's pipeline: without
 * `rules` here or in `workflow`, GitLab takes it for `except: merge_requests`.
 * Source: lib/gitlab/ci/config/entry/processable.rb, doc/ci/pipelines/downstream_pipelines.md.
 */
export function checkJobRules({ job, configuration, context }: RuleCheck): Finding[] {
  const { name, body, rules } = job;
  const findings = checkRules({ rules, context, job: name });
  if (rules !== undefined && (body.has('only') || body.has('except'))) {
    findings.push({
      code: 'rules-with-only',
      job: name,
      message: `${name}: only and except may not be used with \`rules\``,
    });
  }
  if (context === 'child-of-merge-request' && isLeftOut(job, configuration)) {
    const message = `${name} has no rules and the file no workflow rules: it is left out of a merge request's pipeline.`;
    findings.push({ code: 'job-without-rules', job: name, message });
  }
  return findings;
}

export function checkWorkflow(configuration: Configuration, context: PipelineContext): Finding[] {
  const findings = checkRules({ rules: configuration.workflow, context, job: undefined });
  const leftOut = [...configuration.jobs.values()].filter((job) => isLeftOut(job, configuration));
  if (context !== 'child-of-merge-request' || leftOut.length === 0) return findings;
  return [
    ...findings,
    { code: 'workflow-missing', message: `${leftOut.length} jobs rely on workflow rules that aren't there.` },
  ];
}

function isLeftOut({ rules, body }: Job, { workflow }: Configuration): boolean {
  return workflow === undefined && rules === undefined && !body.has('only');
}

interface RuleList {
  readonly rules: readonly Rule[] | undefined;
  readonly context: PipelineContext;
  readonly job: string | undefined;
}

function checkRules({ rules, context, job }: RuleList): Finding[] {
  const named = job === undefined ? {} : { job };
  if (rules?.length === 0)
    return [{ ...named, code: 'rules-empty', message: `${job ?? 'workflow'}: rules config can't be blank` }];
  return (rules ?? []).flatMap((rule): Finding[] => {
    if (rule.if === undefined) return [];
    const problem = judge(rule.if, context);
    return problem === undefined ? [] : [{ ...named, ...problem }];
  });
}

function judge(condition: string, context: PipelineContext): Finding | undefined {
  try {
    const outcome = evaluate(parseExpression(condition), (name) => knownValue(name, context));
    if (isTrue(outcome)) return undefined;
    return { code: 'rule-never-matches', message: `The rule is never true here: ${condition}` };
  } catch (error) {
    return { code: 'rule-expression-invalid', message: `${condition}: ${(error as Error).message}` };
  }
}

/** A child's source is always its parent; in a merge request's pipeline there is no branch and no tag. */
function knownValue(name: string, context: PipelineContext): Operand {
  if (name === 'CI_PIPELINE_SOURCE' && context !== 'root') return 'parent_pipeline';
  const isAbsent = context === 'child-of-merge-request' && absentInMergeRequests.has(name);
  return isAbsent ? null : unknown;
}

/** Source: doc/ci/variables/predefined_variables. */
const absentInMergeRequests: ReadonlySet<string> = new Set(['CI_COMMIT_BRANCH', 'CI_COMMIT_TAG']);
