/** GitLab's defaults; gitlab.com allows more variables on paid tiers. */
const maxBytes = 5 * 1024;
const maxVariables = 20;

/**
 * Reads a dotenv report as the server does: every line is `NAME=value`, blanks around both cut off, no quotes, no
 * comments and no empty lines. Throws where the upload would be refused, which fails the job.
 * Source: app/services/ci/parse_dotenv_artifact_service.rb.
 */
export function parseDotenv(text: string): Map<string, string> {
  if (Buffer.byteLength(text) >= maxBytes)
    throw new Error(`Dotenv Artifact Too Big. Maximum Allowable Size: ${maxBytes}`);
  const variables = new Map(lines(text).map(parseLine));
  if (variables.size > maxVariables)
    throw new Error(`Dotenv files cannot have more than ${maxVariables} variables`);
  return variables;
}

function lines(text: string): string[] {
  const all = text.replace(/^\uFEFF/u, '').split('\n');
  return all.at(-1) === '' ? all.slice(0, -1) : all;
}

function parseLine(line: string): [string, string] {
  const [, name, value] = /^(.*?)=(.*)$/su.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`Invalid Format: ${line}`);
  if (!/^\w{1,255}$/u.test(name.trim()))
    throw new Error(`Validation failed: Key ${name} can contain only letters, digits and '_'.`);
  return [name.trim(), value.trim()];
}
