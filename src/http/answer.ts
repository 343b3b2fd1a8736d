/** What a server answered, or why there is no answer, in words fit for a report: no secret, no line break. */
export type Answer<Value> = { ok: true; value: Value } | NoAnswer;

export interface NoAnswer {
  ok: false;
  detail: string;
  /** The server's status code, where that is what it answered. */
  status?: number;
}

/** Why a request came to nothing. Thrown below the surface of the rooms that ask only. */
export class NoAnswerError extends Error {
  readonly status: number | undefined;
  /** Of an answer with that status; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(detail: string, status?: number, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = 'NoAnswerError';
    this.status = status;
    this.headers = headers;
  }
}
