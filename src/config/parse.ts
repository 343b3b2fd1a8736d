import { type Document, type LineCounter, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { lineCounterOf } from '../line-counter.ts';
import { type Complaint, ConfigError, type Finding } from './config-error.ts';
import { issueComplaints } from './issue-complaints.ts';
import { Config } from './schema.ts';
import { structureComplaints, syntaxComplaints } from './yaml-complaints.ts';

const TOO_MANY_ALIASES: Complaint = {
  offset: 0,
  key: '',
  message: 'the aliases of the file expand to too much; write out some of what they stand for',
};

/**
 * Reads the text of `affected.yml`; `file` is its name for errors only. An empty file means the defaults. Anchors,
 * aliases and merge keys work. Throws one `ConfigError` that holds all findings: those of the syntax where the text is
 * no YAML (what follows from them would mislead), else those of the content.
 */
export function parseConfig(text: string, file: string): Config {
  const content = text.replace(/^\uFEFF/, '');
  const lines = lineCounterOf(content);
  const document = parseDocument(content, {
    merge: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const refuse = (complaints: readonly Complaint[]) => new ConfigError(file, findings(complaints, lines));

  const syntax = syntaxComplaints(document);
  if (syntax.length > 0) throw refuse(syntax);
  const structure = structureComplaints(document, lines);
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    throw refuse(structure.length > 0 ? structure : [TOO_MANY_ALIASES]);
  }
  const result = z.safeParse(Config, value ?? {});
  const issues = result.error?.issues ?? [];
  const complaints = [...structure, ...issues.flatMap((issue) => issueComplaints(document, issue))];
  if (!result.success || complaints.length > 0) throw refuse(complaints);
  return inFileOrder(result.data, document);
}

/** In the order of the text. */
function findings(complaints: readonly Complaint[], lines: LineCounter): Finding[] {
  const sorted = complaints.toSorted((one, other) => one.offset - other.offset);
  return sorted.map(({ offset, key, message }) => {
    const { line, col: column } = lines.linePos(offset);
    return { line, column, key, message };
  });
}

/** JavaScript moves keys that look like whole numbers to the front of an object, but the order of rules decides. */
function inFileOrder(config: Config, document: Document): Config {
  const file: unknown = document.toJS({ mapAsMap: true });
  return {
    ...config,
    names: sortedBy(keysOf(file, 'names'), config.names),
    images: sortedBy(keysOf(file, 'images'), config.images),
  };
}

function keysOf(file: unknown, name: string): unknown[] {
  const rules: unknown = file instanceof Map ? file.get(name) : undefined;
  return rules instanceof Map ? [...rules.keys()] : [];
}

function sortedBy<Rule extends { directory: string }>(
  keys: readonly unknown[],
  rules: readonly Rule[],
): Rule[] {
  return rules.toSorted((one, other) => keys.indexOf(one.directory) - keys.indexOf(other.directory));
}
