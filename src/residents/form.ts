/** Bounds of the form for a report without an account: the page and the service go by the same. Pure, and without the schemas, which a phone need not load. */

/** Photos of one report: one of the whole, two of what matters [ours]. */
export const MOST_PHOTOS = 3;
/** Characters of what is said, of the place in words, and of what is said beside a rating. */
export const DESCRIPTION_MAX = 1_000;
export const WHERE_MAX = 200;
export const COMMENT_MAX = 200;
