/** Whole lines, most of which a builder accepts. */
export const LINES = `FROM a
FROM a AS b
from $X as B
RUN x\\
 y
RUN <<EOF
FROM x
EOF
COPY a b
COPY ["a b","c"]
# c
#escape=\`
# syntax=x
# escape = \\
# check=skip=all
\\
ENV a=b c="d e"
ENV a b c
ARG x
ARG x=1 y="2 3"
ONBUILD COPY a b
ONBUILD RUN <<E
COPY --from=x --chown="a b" c d
RUN --mount=type=bind,source=a,target=b x
ADD <<-"E O" /x
\tq
\tE O
COPY <<a <<b /x
1
a
2
b
E
EOF
HEALTHCHECK CMD x
HEALTHCHECK NONE
HEALTHCHECK --interval=1s CMD ["a"]
SHELL ["a"]
USER a
CMD ["a",1]
CMD [a]
LABEL a=b
VOLUME ["a"]
VOLUME a b
EXPOSE 1
STOPSIGNAL 9
WORKDIR /a
WORKDIR /b c
MAINTAINER x y
FOO x
RUN --mount=from=$X x
RUN --mount="type=bind","a""b" x
COPY --link --parents=false --exclude=a --exclude=b c d
ADD --keep-git-dir --checksum=x --unpack=true c d
ENTRYPOINT a
ONBUILD ENV a=b
ONBUILD COPY --from=b ["a", "b"]
RUN a <<E \\
 b
RUN <<\\EOF
RUN 3<<E
COPY << E /x
COPY --x=元 a b
RUN echo "it's <<EOF"
RUN x \\
# c

 y
RUN [ "a" ]  `
  .split('\n')
  .map((line) => `${line}\n`);

/** What tears a line apart. */
export const FRAGMENTS = [
  ...'-- --a --from= " \\ ` << <<- <<E <<"E" EOF E = $A ${A:-b} [ "x" ] , é 元 AS as ["a","b"] # a b'.split(
    ' ',
  ),
  ...["'", '\r\n', '\n', '\ufeff', '\u00a0', '\u0085', '\udcff', '\udc85', '\udca0', '\t', '\v', '\f', ' '],
  ...['as ſ', '\u2028', '\ufffd', '\0', 'İ', '\u212a'],
];
