import { isIgnored } from '../dockerfile/ignore-file.ts';
import type { ImageInputs } from '../images/inputs.ts';
import { directoryOf, relativeTo, withAncestors } from '../images/paths.ts';
import type { Fields } from './fingerprint.ts';
import type { Listing } from './listing.ts';
import { submodulesTaken } from './submodules-taken.ts';

/**
 * What the image's instructions take from the repository, found by asking about every path: each path of the build
 * context that a source selects and the ignore file lets in, what sources select outside of it, and the links they
 * pass with what these lead to.
 */
export function contextFields(
  listing: Listing,
  inputs: ImageInputs,
): Pick<Fields, 'context' | 'outside' | 'links' | 'submodules'> {
  const context = new Map<string, string>();
  const outside = new Map<string, string>();
  const links = new Map<string, string>();
  const { sources, ignoreFile, rules } = inputs;
  const patterns = sources.length === 0 ? undefined : ignoreFile?.patterns;
  const isKeptOut = (relative: string) => patterns !== undefined && isIgnored(patterns, relative, rules);
  const isTaken = (relative: string) =>
    sources.some(({ matches }) => matches(relative)) && !isKeptOut(relative);
  if (sources.length > 0) {
    const directories = new Set<string>();
    for (const [path, entry] of listing.filesAt(inputs.context)) {
      const relative = relativeTo(inputs.context, path);
      if (relative === undefined) continue;
      directories.add(directoryOf(relative));
      if (isTaken(relative)) context.set(relative, entry);
    }
    // Builders copy a directory empty where all its files are ignored.
    const filled = withAncestors(context.keys());
    for (const directory of withAncestors(directories)) {
      if (directory !== '' && !filled.has(directory) && isTaken(directory))
        context.set(`${directory}/`, 'empty');
    }
  }
  // By Kaniko's rules an ignored file is not there, wherever a link that leads to it lies.
  const throughLink = (path: string, entry: string) => {
    const relative = relativeTo(inputs.context, path);
    links.set(path, relative !== undefined && isKeptOut(relative) ? `${entry} ignored` : entry);
  };
  for (const source of sources) {
    if (source.outside) {
      const { base, matches } = source.outside;
      for (const [path, entry] of listing.filesAt(base)) {
        const relative = relativeTo(base, path);
        if (relative !== undefined && matches(relative)) outside.set(path, entry);
      }
    }
    for (const link of source.linked?.links ?? []) throughLink(link, listing.entryOf(link) as string);
    for (const { base, matches } of source.linked?.targets ?? []) {
      for (const [path, entry] of listing.filesAt(base)) {
        if (matches(path === base ? '' : (relativeTo(base, path) as string))) throughLink(path, entry);
      }
    }
  }
  return { context, outside, links, submodules: submodulesTaken(listing, inputs) };
}
