import { evaluate, isTrue, parseExpression } from './expression.ts';
import type { AllowFailure, Job, Rule } from './job.ts';
import type { Variables } from './variables.ts';

export interface Decision {
  readonly created: boolean;
  readonly when: string;
  readonly allowFailure: AllowFailure;
  /** Variables of the matching rule. */
  readonly variables: Variables;
}

interface JobDecision {
  readonly job: Job;
  /** Unexpanded, as conditions see them. */
  readonly variables: Variables;
  readonly hasWorkflowRules: boolean;
}

/**
 * Whether and how a job enters the pipeline. A job without rules is created, save in a pipeline of a merge request
 * whose file has no `workflow: rules` either. Source: lib/gitlab/ci/build/rules.rb, lib/gitlab/ci/config/entry/processable.rb.
 */
export function decideJob({ job, variables, hasWorkflowRules }: JobDecision): Decision {
  if (job.body.has('only') || job.body.has('except'))
    throw new Error(`${job.name}: only and except are not modelled.`);
  const { when } = job;
  if (job.rules === undefined) {
    const allowFailure = job.allowFailure ?? when === 'manual';
    const created = (hasWorkflowRules || !isMergeRequest(variables)) && when !== 'never';
    return { created, when, allowFailure, variables: new Map() };
  }
  const rule = job.rules.find((each) => holds(each, variables));
  if (rule === undefined) return never;
  const allowFailure = rule.allowFailure ?? job.allowFailure ?? when === 'manual';
  return { ...asDecision(rule, when), allowFailure };
}

/** Whether the pipeline is created at all. */
export function decideWorkflow(rules: readonly Rule[] | undefined, variables: Variables): Decision {
  if (rules === undefined) return { ...never, created: true };
  const rule = rules.find((each) => holds(each, variables));
  return rule === undefined ? never : asDecision(rule, 'always');
}

const never: Decision = { created: false, when: 'never', allowFailure: false, variables: new Map() };

function asDecision(rule: Rule, fallback: string): Decision {
  const when = rule.when ?? fallback;
  return { created: when !== 'never', when, allowFailure: false, variables: rule.variables };
}

function holds(rule: Rule, variables: Variables): boolean {
  if (rule.others.length > 0) throw new Error(`A rule with ${rule.others.join(', ')} is not modelled.`);
  if (rule.if === undefined) return true;
  const expression = parseExpression(rule.if);
  try {
    return isTrue(evaluate(expression, (name) => variables.get(name)?.value ?? null));
  } catch (error) {
    // A variable that should hold a pattern and doesn't: GitLab takes the condition for false.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function isMergeRequest(variables: Variables): boolean {
  return variables.has('CI_MERGE_REQUEST_IID');
}
