import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that has no name any more: nothing is left of it when it is closed, or when the program ends. */
export interface ScratchFile {
  fd: number;
  /** All that was written to it. */
  read: () => Buffer;
  close: () => void;
}

/** Undefined where there is no room for one, or where an open file can't lose its name. */
export function openScratchFile(contents?: string | Buffer): ScratchFile | undefined {
  const path = join(tmpdir(), `affected-${process.pid}-${process.hrtime.bigint()}`);
  let fd: number;
  try {
    // Nobody else's file, and nobody else may read it.
    fd = openSync(path, 'wx+', 0o600);
  } catch {
    return undefined;
  }
  try {
    unlinkSync(path);
    // At a position of its own: who reads from the file begins at its start.
    const bytes = Buffer.from(contents ?? '');
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written, written);
  } catch {
    closeSync(fd);
    return undefined;
  }
  return { fd, read: () => readAll(fd), close: () => closeSync(fd) };
}

function readAll(fd: number): Buffer {
  const contents = Buffer.allocUnsafe(fstatSync(fd).size);
  let length = 0;
  for (let read = -1; read !== 0 && length < contents.length; length += read) {
    read = readSync(fd, contents, length, contents.length - length, length);
  }
  return contents.subarray(0, length);
}
