/** When a panel comes to lie over the lower part of the map, what was seen of the district stays in sight; when it goes, the map comes back to where it was. */
import { watch, type Ref } from 'vue';
import type { Bounds } from '../../shared/geometry.ts';
import type { MapEngine } from './engine.ts';
import { roomFor, stepBack } from './room.ts';
import type { LngLat } from './scene.ts';

interface View {
  readonly at: LngLat;
  readonly zoom: number;
}
/** A map that has been given another size stands elsewhere by less than this, CSS px; one that a person has moved, by more. */
const SAME_PX = 4;
const SAME_ZOOM = 0.02;

/** @param covered  height under the panel, CSS px, 0 without one. @param size  of the map, CSS px. */
export function useStepBack(
  engine: Ref<MapEngine | undefined>,
  [, south, , north]: Bounds,
  covered: () => number,
  size: () => { readonly height: number },
): void {
  let aside: { readonly from: View; readonly to: View } | null = null;
  const viewOf = (on: MapEngine): View => ({ at: on.centre(), zoom: on.zoom() });
  function isAt(on: MapEngine, view: View): boolean {
    const [now, then] = [on.project(on.centre()), on.project(view.at)];
    return Math.abs(on.zoom() - view.zoom) < SAME_ZOOM && Math.hypot(now.x - then.x, now.y - then.y) < SAME_PX;
  }

  watch(covered, (now, before) => {
    const on = engine.value;
    const { height } = size();
    if (!on || height === 0) return;
    // Moved by the person meanwhile, the view is left as the person has it.
    const from = aside && isAt(on, aside.to) ? aside.from : null;
    aside = null;
    if (now === 0) {
      if (from) on.goTo(from.at, from.zoom, 0);
      return;
    }
    const view = viewOf(on);
    const { lng } = view.at;
    const was = roomFor(before, height);
    const seen = {
      from: Math.max(was.top, on.project({ lng, lat: north }).y),
      to: Math.min(height - was.bottom, on.project({ lng, lat: south }).y),
    };
    // Nothing of it was seen: the person looks elsewhere.
    if (seen.to <= seen.from) return;
    const { zoom, middleY } = stepBack(view.zoom, height, seen, roomFor(now, height));
    on.goTo(on.unproject(on.project(view.at).x, middleY), zoom, 0);
    aside = { from: from ?? view, to: viewOf(on) };
  });
}
