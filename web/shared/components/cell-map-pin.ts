/** Where a pin goes by the arrow keys. Pure. */

/** 10 m a press. */
const NUDGE_DEG = 0.00009;
const ARROWS: ReadonlyMap<string, readonly [east: number, north: number]> = new Map([
  ['ArrowUp', [0, 1]],
  ['ArrowDown', [0, -1]],
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
]);

/** @returns null for any other key. */
export function nudged(key: string, at: { readonly lng: number; readonly lat: number }): { lng: number; lat: number } | null {
  const by = ARROWS.get(key);
  return by ? { lng: at.lng + by[0] * NUDGE_DEG, lat: at.lat + by[1] * NUDGE_DEG } : null;
}
