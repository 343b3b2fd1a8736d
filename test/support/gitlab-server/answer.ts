/** What the stand-in answers, before any fault is laid over it. */
export interface FakeAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  body: unknown;
}

/** GitLab's `{"message": "404 Project Not Found"}`. */
export function refusal(status: number, words: string): FakeAnswer {
  return { status, body: { message: `${status} ${words}` } };
}

/** What leaves a handler early, as Grape's `error!` does. */
export class Refused extends Error {
  readonly answer: FakeAnswer;

  constructor(answer: FakeAnswer) {
    super('refused');
    this.answer = answer;
  }
}
