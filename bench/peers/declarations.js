// What nx, turbo, moon and lage are told, in the files that each one's documentation asks for.

/**
 * What the other tools are told of an image: the packages it depends on.
 *
 * @param options.inputs What its build reads, by moon's globs; without them all of its directory.
 */
export function declarations(name, dependencies, { inputs } = {}) {
  const read = inputs === undefined ? '' : `    inputs: ${JSON.stringify(inputs)}\n`;
  return {
    'package.json': json({
      name: `@acme/${name}`,
      version: '1.0.0',
      private: true,
      scripts: { build: 'docker build .' },
      dependencies: versions(dependencies),
    }),
    'moon.yml': `dependsOn: ${JSON.stringify(dependencies)}\ntasks:\n  build:\n    command: noop\n    deps: ["^:build"]\n${read}`,
  };
}

/**
 * Settings of the other tools at the root, as their documentation has them.
 *
 * @param options.leftOut Directories of packages that no build reads, such as `docs`.
 */
export function settings({ leftOut = [] } = {}) {
  const but = (all, prefix) =>
    leftOut.length === 0 ? {} : { inputs: [...all, ...leftOut.map((name) => `!${prefix}${name}/**`)] };
  const lage = {
    npmClient: 'npm',
    pipeline: { build: ['^build'] },
    ignore: leftOut.map((name) => `images/*/${name}/**`),
  };
  return {
    'nx.json': json({
      defaultBase: 'main',
      targetDefaults: { build: { dependsOn: ['^build'], ...but(['default', '^default'], '{projectRoot}/') } },
      pluginsConfig: { '@nx/js': { projectsAffectedByDependencyUpdates: 'auto' } },
      neverConnectToCloud: true,
      analytics: false,
    }),
    'turbo.json': json({
      tasks: { build: { dependsOn: ['^build'], ...but(['$TURBO_DEFAULT$'], '') } },
      ...(leftOut.length === 0 ? {} : { futureFlags: { affectedUsingTaskInputs: true } }),
    }),
    'lage.config.js': `module.exports = ${JSON.stringify(lage)};\n`,
  };
}

/** The lock file of packages, each with the names of those it depends on. */
export function lockFile(dependenciesOf) {
  const packages = { '': { name: 'acme', version: '1.0.0', workspaces: ['images/*'] } };
  for (const [name, dependencies] of Object.entries(dependenciesOf)) {
    packages[`images/${name}`] = {
      name: `@acme/${name}`,
      version: '1.0.0',
      dependencies: versions(dependencies),
    };
    packages[`node_modules/@acme/${name}`] = { resolved: `images/${name}`, link: true };
  }
  return json({ name: 'acme', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
}

function versions(names) {
  return Object.fromEntries(names.map((name) => [`@acme/${name}`, '1.0.0']));
}

/** A file of JSON. */
export function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
