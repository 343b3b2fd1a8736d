/** What GitLab would refuse, or silently leave undone, in a pipeline: one code for one cause. */
export type FindingCode = RefusingCode | SilentCode;

/** GitLab creates no pipeline at all. */
type RefusingCode =
  | 'yaml-syntax'
  | 'yaml-several-documents'
  | 'yaml-not-a-mapping'
  | 'yaml-too-large'
  | 'yaml-too-deep'
  | 'yaml-class-not-allowed'
  | 'artifact-too-large'
  | 'key-not-a-string'
  | 'reference-invalid'
  | 'reference-unknown'
  | 'reference-cycle'
  | 'extends-unknown'
  | 'extends-not-a-job'
  | 'extends-cycle'
  | 'extends-too-deep'
  | 'pipeline-empty'
  | 'pipeline-hidden-jobs-only'
  | 'pipeline-edge-stages-only'
  | 'stages-empty'
  | 'stages-invalid'
  | 'too-many-jobs'
  | 'job-name-reserved'
  | 'job-name-too-long'
  | 'job-without-script'
  | 'trigger-with-job-keys'
  | 'stage-unknown'
  | 'too-many-tags'
  | 'need-unknown'
  | 'need-hidden'
  | 'need-later-stage'
  | 'need-duplicate'
  | 'need-cycle'
  | 'need-name-too-long'
  | 'too-many-needs'
  | 'dependency-not-needed'
  | 'dependency-unknown'
  | 'rules-empty'
  | 'rules-with-only'
  | 'rule-expression-invalid'
  | 'variable-value-invalid'
  | 'variable-cycle';

/** GitLab takes the file and does something else than it says. */
type SilentCode =
  | 'yaml-line-break'
  | 'duplicate-key'
  | 'workflow-missing'
  | 'job-without-rules'
  | 'rule-never-matches'
  | 'need-without-artifacts'
  | 'dotenv-not-reported'
  | 'variable-name-invalid'
  | 'variable-rewritten';

export interface Finding {
  readonly code: FindingCode;
  readonly job?: string;
  readonly message: string;
}

/** Whether GitLab refuses the whole pipeline for it, as against dropping or changing a part of it in silence. */
export function isRefusal(finding: Finding): boolean {
  return !silentCodes.has(finding.code);
}

const silentCodes: ReadonlySet<FindingCode> = new Set<SilentCode>([
  'yaml-line-break',
  'duplicate-key',
  'workflow-missing',
  'job-without-rules',
  'rule-never-matches',
  'need-without-artifacts',
  'dotenv-not-reported',
  'variable-name-invalid',
  'variable-rewritten',
]);
