// Stands in for a program that a job calls: records the call, then plays the part its settings describe.
// Arguments: <folder of records> <settings as JSON> <name it was called by> <arguments of the call…>
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [records, settingsText, executable, ...argv] = process.argv.slice(2);
const settings = JSON.parse(settingsText);

record();
if (settings.program !== undefined) process.exit(runProgram());
if (settings.stdout !== undefined) process.stdout.write(settings.stdout);
const fails =
  settings.failsFor === undefined || argv.some((argument) => argument.includes(settings.failsFor));
const exitCode = fails ? (settings.exitCode ?? 0) : 0;
if (exitCode === 0 && settings.writesDigest) writeDigests();
process.exitCode = exitCode;

function record() {
  const configFolder = process.env['DOCKER_CONFIG'] ?? join(dirname(executable), '.docker');
  const configFile = join(configFolder, 'config.json');
  const dockerConfig = existsSync(configFile) ? readFileSync(configFile, 'utf8') : null;
  const call = { executable, argv, env: process.env, cwd: process.cwd(), dockerConfig };
  const number = String(readdirSync(records).length).padStart(4, '0');
  writeFileSync(join(records, `${number}-${process.pid}.json`), JSON.stringify(call), { flag: 'wx' });
}

function runProgram() {
  const { status, error } = spawnSync(settings.program, argv, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 137;
}

/** The three files Kaniko can write (cmd/executor: pkg/executor/push.go), without an end of line after a digest. */
function writeDigests() {
  const destinations = valuesOf('--destination', '-d');
  const digest = `sha256:${createHash('sha256')
    .update(repositoryOf(destinations[0] ?? ''))
    .digest('hex')}`;
  write('--digest-file', digest);
  write(
    '--image-name-with-digest-file',
    lines(destinations.map((name) => `${repositoryOf(name)}@${digest}`)),
  );
  write('--image-name-tag-with-digest-file', lines(destinations.map((name) => `${name}@${digest}`)));
}

function write(flag, text) {
  for (const file of valuesOf(flag)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function lines(items) {
  return items.map((item) => `${item}\n`).join('');
}

/** Both `--flag value` and `--flag=value`. */
function valuesOf(...flags) {
  return argv.flatMap((argument, index) => {
    const flag = flags.find((each) => argument === each || argument.startsWith(`${each}=`));
    if (flag === undefined) return [];
    return argument === flag ? argv.slice(index + 1, index + 2) : [argument.slice(flag.length + 1)];
  });
}

/** A reference without its tag. */
function repositoryOf(reference) {
  return reference.replace(/:[^/:]*$/u, '');
}
