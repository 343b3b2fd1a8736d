// What the page says around its tables.

export function introduction(packages) {
  const versions = Object.entries(packages).map(
    ([name, version]) => `${name === '@moonrepo/cli' ? 'moon' : name} ${version}`,
  );
  return `<!-- Written by npm run bench:peers: change bench/peers there. -->

# The same checkout, given to others

Tools that find what a change affects, asked the same questions in the same checkouts:
${versions.join(', ')}, and \`affected\`. They are made for packages, do much
more than this, and know nothing of images; this page is about what happens where images are their packages.

**The repository** is made up, so that each tool has what its documentation asks for. Ten images are ten npm workspaces.
Each \`package.json\` and \`moon.yml\` names the images it is built FROM, by hand; there are \`nx.json\` (with
\`projectsAffectedByDependencyUpdates: auto\`), \`turbo.json\`, \`.moon/workspace.yml\`, \`lage.config.js\` and a lock file.
\`affected\` has an \`affected.yml\` with the registry, the names, and the build context of two images; it reads the edges
from the Dockerfiles. Three edges stand in no FROM and in no \`package.json\`: one image takes a program of another with
\`COPY --from\`, one copies a directory of another, one copies a link that leads to a file of another. They can be declared
by hand too; the rows that say so show what comes of it.

**The checkouts** are made as GitLab's runner makes them: detached, by the refspecs GitLab hands out, with GitLab's
variables. A merge request's has no branch at all, another only its own. Each is fresh; the tools run without daemons,
telemetry and remote caches. \`affected\`, which may fetch what it lacks, is asked last.

| | without a base | told the base |
| --- | --- | --- |
| affected | \`affected\` | the same: it reads GitLab's variables |
| nx | \`nx show projects --affected -t build\` | \`NX_BASE\`, \`NX_HEAD\`, as [its recipe for GitLab](https://nx.dev/docs/kb/affected-base-commit) sets them |
| turbo | \`turbo query affected --packages\` | \`TURBO_SCM_BASE\`, \`TURBO_SCM_HEAD\` |
| moon | \`moon ci\`, with \`--include-relations --downstream deep --upstream none\`: what changed and all that depends on it | \`MOON_BASE\`, \`MOON_HEAD\` |
| lage | \`lage info build --since origin/main\` | \`--since <base>\` |

The base is \`\${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA}\`, the head \`$CI_COMMIT_SHA\`, for all of them.

**The words**: *right* is exactly the images to build. *misses 1 of 2*: one of the two to build is not found. *2 too many*:
those to build are found, and two more. *everything* and *nothing* are said where they are wrong. *says so*: a warning says
that the base or the history is not what it should be. *fails*: there is no answer, and the job fails. **Bold** is an image
that stays as it was while the job is green.`;
}

export const WORDS = {
  situations: `Three answers stand for \`GIT_DEPTH\` 1, 20 and 0 (all of the history), one where they are the same. GitLab's default is
20; nx's recipe asks for 0.`,
  untold: `On the default branch \`origin/main\` is the pipeline's own commit: lage, told to compare with it, and moon, which does so by
itself where all history is there, find that nothing differs. Whoever builds all of main anyway does not ask lage there.`,
  told: `These variables name another commit than the one to compare with in merged results, on a branch whose earlier push was not
built, and after a forced push. For a first push and a tag they name none: the variable is all zeros.`,
  limits: `Where \`affected\` is not right: on a branch, a push is compared with where the branch left main, so that an image that an
earlier push built is built once more. After a forced push to the default branch it builds everything, although less would
do. After a failed pipeline on the default branch it needs GitLab to tell which commit was built last: with the token of
the job, as here, or \`AFFECTED_GITLAB_TOKEN\`; where it can't be told, the commit before the push counts, and what the
failed pipeline left unbuilt stays unbuilt. To fetch what a shallow clone lacks takes it time the others don't spend; see
[what a pipeline's commit is compared with](base-commit.md).

A job that fetches main and all history and works the merge base out itself helps the other tools on branches; then it is
as in the next table, where the base is right.`,
  changes: `One full clone, and each tool is told the two commits: history is not the matter here.`,
  afterChanges: `An edge between packages says that all of one depends on all of the other: with the three edges declared, changing the
program also builds the image that only links to a settings file beside it. What no image takes can be declared with
\`inputs\` (nx, moon; turbo with \`affectedUsingTaskInputs\`) or \`ignore\` (lage), as one row shows; so can the README,
and a file at the root for lage. nx builds everything when a project is deleted, and means to.`,
  prints: `Standard error first; without empty lines and dates, ids cut to ten digits, and what is long cut at \`…\`.`,
  times: `One changed file, four of ten images affected, a full clone, both commits given, each started from
\`node_modules/.bin\`; nx without its daemon, as in CI, moon by \`moon query affected\`, which runs nothing.`,
};
