/** How one request ended that brought no answer. */
export type Failure =
  | { kind: 'status'; status: number; body: string }
  | { kind: 'redirect'; status: number; to: string }
  /** `code`: Node's name for what is wrong, such as ECONNREFUSED. */
  | { kind: 'connection'; code: string }
  | { kind: 'proxy'; proxy: string; reason: string; mayPass: boolean }
  | { kind: 'too-much'; mostBytes: number }
  | { kind: 'time-out'; afterMs: number }
  | { kind: 'budget'; afterMs: number };

export interface FailedRequest {
  method: string;
  /** The method and the address without its query. */
  request: string;
  /** The server, `https://host`. */
  server: string;
  /** How often it was sent. */
  tries: number;
  /** How long the server asked to wait, where that is longer than there is time for. */
  askedToWaitMs?: number | undefined;
}

/** Node's and OpenSSL's names of faults that no second try mends. */
export const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** Names of what comes of TLS with a server that speaks none. */
export const NO_TLS = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$|^EPROTO$/;

/** What is the same in all words about one thing that went wrong. */
export function causeOf(failure: Failure): string {
  switch (failure.kind) {
    case 'status':
      return `status ${failure.status}`;
    case 'connection':
      return `connection ${failure.code}`;
    case 'proxy':
      return `proxy ${failure.reason}`;
    default:
      return failure.kind;
  }
}

/** As the end of a sentence that names a request. */
export function tooMuch({ mostBytes }: { mostBytes: number }): string {
  return `with more than ${mostBytes >> 20} MiB`;
}

export function seconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds) / 1000} s`;
}

/** As the end of a sentence. */
export function triedMoreThanOnce({ tries }: FailedRequest): string {
  return tries === 1 ? '' : `, ${tries} times`;
}

/** As the middle of a sentence. */
export function askedToWait({ askedToWaitMs }: FailedRequest): string {
  return askedToWaitMs === undefined
    ? ''
    : `, and asks to wait ${seconds(askedToWaitMs)}, for which there is no time`;
}
