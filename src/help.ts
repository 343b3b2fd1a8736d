/** What `affected --help` prints. */
export const HELP = `affected – which container images does a change affect, and the pipeline that builds them

Usage
  affected [--since REF] [options]       preview what would be built (includes uncommitted work)
  affected --what-if PATH…               preview for paths that have not changed yet
  affected explain IMAGE|PATH            why an image is affected, or what a path can affect
  affected graph [--format FORMAT]       the image graph as mermaid, dot or json
  affected base                          which commit is compared with, and why
  affected check                         validate config, Dockerfiles and graph; exit 1 on findings
  affected backtest [--commits N]        what the last N commits would have built (default: 100)
  affected verify --base REF|--range A..B|--commits N
                                         check answers against fingerprints; exit 1 on disagreement
  affected generate -o FILE              write the child pipeline of the affected images
  affected generate --format bake -o FILE
                                         write the same plan for docker buildx bake
  affected publish [--plan FILE]         in jobs: put an image's tags on what was built, by digest
  affected init                          write an affected.yml from what the Dockerfiles say

What to compare
  --since REF        from the merge base of REF and head
  --base REF         from exactly this commit
  --head REF         to this commit (default: HEAD; all but generate add the working tree)
                     Without --since or --base: CI variables, else origin/HEAD, else targetBranch.

Options
  -o, --output FILE  where to write the child pipeline, or the bake file
  --commits N        how many of the last commits, each against its parent; merges are left out
  --ref REF          of backtest: the newest of them (default: HEAD)
  --range A..B       of verify: each commit of B that A lacks
  --format FORMAT    of the graph: mermaid (default), dot or json; of generate: gitlab or bake
  --platform P,…     of a bake file: what is built for, as in linux/amd64,linux/arm64
  --tag TAG          of a bake file: tag images as the pipeline of this Git tag would
  --json             machine-readable output
  --all              list the images that are not affected too
  --force            of init: replace the affected.yml that is there
  --plan FILE        of publish: what a pipeline left to be published; of generate: write that
  --dry-run          of init: print the file, write none; of publish: only say what would move
  --strict           exit 2 when something could not be known
  --cwd DIR          work in this repository (may be bare)
  --config FILE      use this config for both commits instead of affected.yml in each
  --debug            show stack traces
  -h, --help         this text
  -v, --version      the version

Exit codes: 0 fine, 1 findings you asked to fail on, 2 the tool could not do its work.
`;
