/**
 * The one error a user is meant to read: a sentence that names the file, line, key or command and says what to do,
 * and a stable `code` for machines. Everything else that is thrown is a defect of this program.
 */
export class AffectedError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AffectedError';
    this.code = code;
  }
}
