/**
 * Parts of regular expressions over words to which no rule gives a meaning. Each text matches them in one way only, or
 * a word that does not match at all would take exponential time.
 */

/** Printable ASCII without quotes, escapes, dollars, and without what opens a heredoc. */
export const CHARACTER = String.raw`[!#%&(-;=?-\[\]-_a-~]`;

/** A variable without modifiers; its name goes as far as it can. */
export const VARIABLE = String.raw`(?:\$[A-Za-z_]\w*(?!\w)|\$\{[A-Za-z_]\w*\})`;
