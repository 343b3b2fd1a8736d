import { AffectedError } from '../errors.ts';

/** One thing that is wrong in a configuration file. */
export interface Finding {
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in UTF-16 code units. */
  column: number;
  /** The setting, such as `images["docker/base/*"].args.X`; empty where it is the file as a whole. */
  key: string;
  message: string;
}

/** A finding whose place is still an offset into the text. */
export interface Complaint {
  offset: number;
  key: string;
  message: string;
}

/** All that is wrong in a configuration file, one line a finding, each as `file:line:column: sentence`. */
export class ConfigError extends AffectedError {
  readonly findings: readonly Finding[];

  constructor(file: string, findings: readonly Finding[]) {
    const lines = findings.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
    super('config', lines);
    this.name = 'ConfigError';
    this.findings = findings;
  }
}
