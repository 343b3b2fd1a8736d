import * as fc from 'fast-check';
import type { BuildableStage } from './buildable-repository.ts';

/** Stages whose sources are all there, unless the ignore file keeps them out. */
export function buildableStages(): fc.Arbitrary<BuildableStage[]> {
  const taken = takes.map(({ from, what }) => `COPY --from=${from} ${what}`);
  const line = fc.oneof(
    { weight: 5, arbitrary: copies },
    { weight: 3, arbitrary: others },
    { weight: 1, arbitrary: taken },
  );
  const stage = fc
    .tuple(fc.nat(30), fc.constantFrom(...SOURCES), fc.array(line, { maxLength: 4 }))
    // Other stages and images find something there.
    .map(([base, source, lines]) => ({ base, lines: [`COPY ${source} /to/`, ...lines] }));
  return fc.array(stage, { minLength: 1, maxLength: 3 });
}

const SOURCES = [
  ...['.', '.', './', 'conf', 'conf/', './conf/a.txt', '/lib/b.txt', 'conf/*', 'conf/[ab].txt', 'conf/deep'],
  ...['lib/run.sh', 'lib', 'l*', 'l*/*', '*.txt', 'c??f', 'lib/../conf', 'link', 'dirlink', 'dirlink/a.txt'],
  ...['conf/a.txt lib/run.sh', 'conf lib', '$DIR', '${DIR:-lib}', '${NONE:-conf}/a.txt', '$DIR/*.txt'],
];

const FLAGS = ['', '', '', '', '', '--chmod=700 ', '--chown=1:2 '];

const TO = ['/to/', '/to/', '/', '/other/', '/$DIR/', 'here/'];

const copies = fc
  .tuple(
    fc.constantFrom('COPY', 'COPY', 'COPY', 'ADD'),
    fc.constantFrom(...FLAGS),
    fc.constantFrom(...SOURCES),
  )
  .chain(([keyword, flags, source]) =>
    fc.constantFrom(...TO).map((to) => `${keyword} ${flags}${source} ${to}`),
  );

// No trigger with a variable: buildah 1.28 hands no ARG of a stage to those that begin at it, as BuildKit and Kaniko do.
const others = fc.constantFrom(
  'COPY ["a b.txt", "/to/"]',
  'ENV A=1 B=two',
  'ENV A 1',
  'ENV DIR=lib',
  'ENV SHOWN=$NAME',
  'ENV SHOWN="${NAME:+set}"',
  'LABEL one=1 "two words"=\'2 3\'',
  'LABEL one=2',
  'CMD ["run", "it"]',
  'CMD run  it',
  'CMD run it',
  'ENTRYPOINT ["/to/run.sh"]',
  'WORKDIR /work',
  'WORKDIR deeper',
  'USER 1:2',
  'EXPOSE 80 443/udp',
  'VOLUME /data',
  'STOPSIGNAL SIGINT',
  'HEALTHCHECK --interval=5s CMD ["ok"]',
  'SHELL ["/bin/other", "-c"]',
  'ARG NAME=default',
  'ARG DIR',
  'ONBUILD COPY conf /onbuild/',
  'ONBUILD ADD *.txt /onbuild/',
  'ONBUILD ENV BUILT=1',
);

/** What takes from an earlier stage or image, see `BuildableStage`. */
const takes = fc.record({
  from: fc.nat(5),
  what: fc.constantFrom('/ /from/', '/to /from/', '/to/ /'),
});
