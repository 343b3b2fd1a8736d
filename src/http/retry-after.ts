/**
 * How long an answer asks to wait, in milliseconds; `undefined` where it does not say. Both forms of the header
 * (RFC 9110, 10.2.3): seconds, or a date, which is held against the server's own clock where it tells it.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const server = Date.parse(headers['date'] ?? '');
  return Math.max(0, until - (Number.isNaN(server) ? Date.now() : server));
}
