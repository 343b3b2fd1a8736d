/** What a registry wants before it answers (RFC 9110, 11.6.1): of several, the one that this program knows. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: string; service: string | undefined; scope: string | undefined };

/** Reads `WWW-Authenticate`; `undefined` where it holds nothing that can be met. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  const challenges = [...(header ?? '').matchAll(CHALLENGE)].map(([, scheme = '', parameters = '']) => ({
    scheme: scheme.toLowerCase(),
    parameters: new Map(
      [...parameters.matchAll(PARAMETER)].map(([, name = '', quoted, plain]) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
      ]),
    ),
  }));
  const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
  if (bearer) {
    const { parameters } = bearer;
    return {
      scheme: 'bearer',
      realm: parameters.get('realm') as string,
      service: parameters.get('service'),
      scope: parameters.get('scope'),
    };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

const TOKEN = String.raw`[\w!#$%&'*+.^\x60|~-]+`;
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|${TOKEN})`;
const CHALLENGE = new RegExp(
  String.raw`(${TOKEN})((?:\s+|\s*,\s*)${TOKEN}\s*=\s*${VALUE}(?:\s*,\s*${TOKEN}\s*=\s*${VALUE})*)?`,
  'g',
);
const PARAMETER = new RegExp(String.raw`(${TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(${TOKEN}))`, 'g');
