/**
 * One path that differs between two trees. Renames are a deletion and an addition, so both sides count.
 * Modes are git's six octal digits; `000000` on the side where the path does not exist.
 */
export interface Change {
  path: string;
  status: 'added' | 'modified' | 'deleted' | 'type-changed';
  oldMode: string;
  newMode: string;
}
