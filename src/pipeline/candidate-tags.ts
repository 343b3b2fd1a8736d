/**
 * The tag under which what one pipeline built is found, by later waves of it and by the job that publishes. Nothing but the
 * pipelines below that one push it: a local candidate has the digits of a commit in its place.
 *
 * @param pipeline the id of the pipeline above.
 */
export function candidateTag(pipeline: string, variant: string | undefined): string {
  return `candidate-pipeline-${pipeline}${variant === undefined ? '' : `_${variant}`}`;
}

/** The tag that says the same of what it has published. */
export function releasedTag(pipeline: string, variant: string | undefined): string {
  return candidateTag(`${pipeline}-released`, variant);
}
