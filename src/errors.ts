/**
 * The one error a user is meant to read: a sentence that names the file, line, key or command and says what to do,
 * and a stable `code` for machines. Everything else that is thrown is a defect of this program.
 */
export class AffectedError extends Error {
  readonly code: string;
  /** The message as its lines; a line may hold any text of the repository, so each is made printable for itself. */
  readonly lines: readonly string[];

  constructor(code: string, message: string | readonly string[], options?: { cause?: unknown }) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options);
    this.lines = lines;
    this.name = 'AffectedError';
    this.code = code;
  }
}
