/** What GitLab answered, or why there is no answer, in words fit for a report: no token, no line break. */
export type GitLabAnswer<Value> = { ok: true; value: Value } | NoAnswer;

export interface NoAnswer {
  ok: false;
  detail: string;
  /** GitLab's status code, where that is what it answered. */
  status?: number;
}

/** Why a request came to nothing. Thrown below this room's surface only. */
export class NoAnswerError extends Error {
  readonly status: number | undefined;

  constructor(detail: string, status?: number) {
    super(detail);
    this.name = 'NoAnswerError';
    this.status = status;
  }
}
