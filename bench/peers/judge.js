// One answer against what is right, in few words.

/**
 * @param options.answer `{ status, images?, unsure? }`, see tools.js.
 * @param options.right The images to build.
 * @param options.all How many images there are.
 */
export function judge({ answer, right, all }) {
  if (answer.images === undefined) return `fails, exit ${answer.status}`;
  const found = new Set(answer.images);
  const missed = right.filter((name) => !found.has(name)).length;
  const needless = [...found].filter((name) => !right.includes(name)).length;
  if (missed === 0 && needless === 0) return 'right';
  const words = wordsFor({ missed, needless, found: found.size, right: right.length, all });
  const judged = missed > 0 ? `**${words}**` : words;
  return answer.unsure ? `${judged}, says so` : judged;
}

/** The same at several depths is said once. */
export function joinDepths(cells) {
  return new Set(cells).size === 1 ? cells[0] : cells.join(' / ');
}

function wordsFor({ missed, needless, found, right, all }) {
  if (found === 0) return 'nothing';
  if (found === all) return 'everything';
  const words = [];
  if (missed > 0) words.push(`misses ${missed} of ${right}`);
  if (needless > 0) words.push(`${needless} too many`);
  return words.join(', ');
}
