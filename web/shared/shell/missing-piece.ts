/** Whether a piece of the page that did not come is a reason to load the page anew. Pure. */

/**
 * Only a newer build is one: on a weak network a page that loads itself anew does so again and again, and without one it ends on the browser's own page. Once a
 * build, because the page that comes back may still be the old one.
 */
export function newBuildIsWhy(of: {
  readonly online: boolean;
  /** The worker that serves the page keeps another build. */
  readonly isOld: boolean;
  /** By which this page's build is known. */
  readonly build: string;
  /** The build that this tab was loaded anew for the last time, if any. */
  readonly loadedAnewFor: string | null;
}): boolean {
  return of.online && of.isOld && of.loadedAnewFor !== of.build;
}
