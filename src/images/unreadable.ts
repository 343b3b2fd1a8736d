import { displayDirectory, type Image, type Widening } from './image.ts';

/** The widening of an image that a file or directory decides about whose content is not known. */
export function unreadable(image: Image, path: string): Widening {
  const detail = `${displayDirectory(path)} can't be read: its content is not in this clone, or its link leads nowhere`;
  return { scope: 'image', image: image.name, code: 'unreadable-file', detail };
}
