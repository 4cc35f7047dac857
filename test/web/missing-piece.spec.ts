/** A piece of the page that does not come: only a newer build is a reason to load the page anew. */
import { expect, it } from 'vitest';
import { newBuildIsWhy } from '../../web/shared/shell/missing-piece.ts';

const gone = { online: true, isOld: true, build: '/a.js', loadedAnewFor: null };

it.each([
  ['the service has a newer build', gone, true],
  ['the network is bad, the build is the newest', { ...gone, isOld: false }, false],
  ['there is no network: the browser’s own page would be all there is', { ...gone, online: false }, false],
  ['it was loaded anew for that already, and came back the same', { ...gone, loadedAnewFor: '/a.js' }, false],
  ['it was loaded anew for the build before', { ...gone, loadedAnewFor: '/b.js' }, true],
])('%s', (_why, of, then) => {
  expect(newBuildIsWhy(of)).toBe(then);
});
