/** What a page says to its service worker. */
export type ToWorker =
  /** Stop waiting and serve the page from now on. */
  | { readonly type: 'take-over' }
  /** Whether these files, by path, are all of the worker's own build; answered with a boolean through the port. */
  | { readonly type: 'is-yours'; readonly files: readonly string[] };
