/** What the page's own parts cover of the map, and how far the map steps back when one more comes to lie over its lower part. Pure. */
import type { Room } from './engine.ts';

/** What the buttons and the legend cover, CSS px. */
const ROOM: Room = { top: 56, right: 56, bottom: 76, left: 28 };
/** Between the lowest place that is to be seen and what covers the rest, CSS px. */
const GAP = 12;
/** What is left of a low map in any case, CSS px: a fit into nothing would be none. */
const LEAST = 120;

/** @param covered  height that lies under a panel at the bottom, 0 without one. @param height  of the map. CSS px. */
export function roomFor(covered: number, height: number): Room {
  const most = Math.max(0, height - ROOM.top - LEAST);
  return { ...ROOM, bottom: Math.min(most, Math.max(ROOM.bottom, covered > 0 ? covered + GAP : 0)) };
}

/** Zooms of the plain map are whole quarters; the other takes them too. */
const STEPS_PER_ZOOM = 4;

/**
 * The view in which a stretch of the present one is seen in the room that is left.
 *
 * @param height  of the map, CSS px.
 * @param from  @param to  of the stretch, from the top of the map, CSS px.
 * @returns its zoom, never nearer than now, and the y of the present view that comes to the middle of the map.
 */
export function stepBack(
  zoom: number,
  height: number,
  { from, to }: { readonly from: number; readonly to: number },
  room: Room,
): { readonly zoom: number; readonly middleY: number } {
  const free = height - room.top - room.bottom;
  const wanted = zoom + Math.log2(free / (to - from));
  const reached = wanted >= zoom ? zoom : Math.floor(wanted * STEPS_PER_ZOOM) / STEPS_PER_ZOOM;
  // Middle of the map less middle of its free part, in pixels of the present view.
  const aside = (height / 2 - (room.top + free / 2)) * 2 ** (zoom - reached);
  return { zoom: reached, middleY: (from + to) / 2 + aside };
}
