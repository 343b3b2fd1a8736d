import { printable, printableJson } from './printable.ts';

/** The decision what to compare with. */
export interface BaseReport {
  head: string;
  /** What started the pipeline, in GitLab's words; `local` outside of GitLab. */
  source: string;
  strategy: string;
  /** None: nothing, so that every image is affected. Several after branches were merged into each other. */
  commits: readonly string[];
  why: string;
  widened?: { code: string; detail: string };
  /** The commands that asked origin, and the questions to GitLab, in order. */
  fetched: readonly string[];
}

/** The decision for a person, or as one JSON document, whose fields are documented in the README. */
export function renderBase(report: BaseReport, options: { json: boolean }): string {
  const { head, source, strategy, commits, why, widened, fetched } = report;
  if (options.json) {
    return printableJson({
      base: commits[0] ?? null,
      commits,
      head,
      source,
      strategy,
      why,
      widened,
      fetched,
    });
  }
  const rows = [
    ['base', commits.length === 0 ? 'none: every image is affected' : commits.join(' ')],
    ['head', head],
    ['source', source],
    ['strategy', strategy],
    ['why', why],
    ...(widened ? [['widened', `${widened.code}: ${widened.detail}`]] : []),
    ...(fetched.length === 0
      ? [['asked', 'nothing but this clone']]
      : fetched.map((line) => ['asked', line])),
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(9)} ${printable(value)}\n`).join('');
}
