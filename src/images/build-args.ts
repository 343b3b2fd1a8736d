import type { DeclaredArguments } from '../dockerfile/declared-arguments.ts';
import { platformArguments } from '../dockerfile/platform.ts';
import type { Image } from './image.ts';

// What builders take undeclared: proxies in any case (BuildKit frontend/dockerui, proxyEnvFromBuildArgs), settings of
// BuildKit itself, the clock of reproducible builds, and the platform.
const PROXY = /^(?:https?|ftp|no|all)_proxy$/i;
const PREDEFINED = /^(?:BUILDKIT_.*|SOURCE_DATE_EPOCH)$/;
const PLATFORM = platformArguments('', '');

/**
 * The build args that can change the image, and so the ones its job passes: the image's own, and of those it shares
 * with others the ones a builder would take.
 *
 * @param declared undefined when its Dockerfile can't be read: then all count.
 */
export function countedArgs(
  { args, sharedArgs }: Pick<Image, 'args' | 'sharedArgs'>,
  declared: DeclaredArguments | undefined,
): Image['args'] {
  const counts = (name: string) =>
    !sharedArgs.has(name) ||
    declared === undefined ||
    declared.any ||
    declared.names.has(name) ||
    PROXY.test(name) ||
    PREDEFINED.test(name) ||
    PLATFORM.has(name);
  return Object.fromEntries(Object.entries(args).filter(([name]) => counts(name)));
}
