import { type Answer, NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';

/**
 * Sends a request to one repository of a registry.
 *
 * @throws {NoAnswerError}
 */
export type Ask = (request: {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Below the repository, such as `manifests/latest`. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}) => Promise<Reply>;

/** The reply, or `undefined` where the registry says that there is no such thing. */
export async function unlessAbsent(asking: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof NoAnswerError && error.status === 404) return undefined;
    throw error;
  }
}

/** What is thrown below the surface of this room, as an answer. */
export async function answered<Value>(asking: Promise<Value>): Promise<Answer<Value>> {
  try {
    return { ok: true, value: await asking };
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    const { message, status } = error;
    return { ok: false, detail: message, ...(status === undefined ? {} : { status }) };
  }
}
