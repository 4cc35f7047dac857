/** Where the names of subdistricts and communities are written at a view of the map, aside of what stands there. Pure: the size of a name comes in. */
import type { PlaceLabel } from './ground.ts';
import { beyond, boxOn, roomForNames, type Box, type LabelOffset } from './label-room.ts';
import { markPx, markScale, type LngLat, type Mark } from './scene.ts';

/** From this zoom on the names of communities fit between their lines. */
export const COMMUNITY_NAMES_FROM = 12;

export interface Names {
  readonly subdistricts: readonly PlaceLabel[];
  readonly communities: readonly PlaceLabel[];
}
export interface NameSize {
  /** Of the letters, CSS px. */
  readonly width: number;
  readonly height: number;
}
/** What a map engine shows now. */
export interface MapView {
  zoom(): number;
  project(at: LngLat): { readonly x: number; readonly y: number };
  unproject(x: number, y: number): LngLat;
}
/**
 * Of the two kinds the one that is read at this zoom gives way; the other is not shown, or only faintly.
 *
 * @param sizeOf  of a name as it is written.
 * @returns a function that is told the view, its size in CSS px, the marks that do not move and what else is written there, and remembers what it answered at the same zoom.
 */
export function makeNamePlaces(ground: Names, sizeOf: (kind: 'subdistrict' | 'community', code: string) => NameSize) {
  let kept = new Map<string, LabelOffset>();
  let keptAt = Number.NaN;

  return (view: MapView, size: NameSize, marks: readonly Mark[], labels: readonly Box[]): Names => {
    const zoom = view.zoom();
    const near = zoom >= COMMUNITY_NAMES_FROM;
    if (zoom !== keptAt) kept = new Map();
    keptAt = zoom;
    const inView = insideOf(view, size);
    const names = (near ? ground.communities : ground.subdistricts).filter(({ at }) => inView(at));
    const wanted = names.map(({ code, at }) => ({ code, ...view.project(at), ...sizeOf(near ? 'community' : 'subdistrict', code) }));
    const standing = marks.filter(({ position }) => inView(position)).map((mark) => boxOfMark(mark, view));
    const boxes = [...standing, ...labels, ...beyond(size)];
    for (const [code, offset] of roomForNames(wanted, boxes, kept)) kept.set(code, offset);

    const written = (labels: readonly PlaceLabel[]) =>
      labels.map((label): PlaceLabel => {
        const { dx, dy } = kept.get(label.code) ?? { dx: 0, dy: 0 };
        if (dx === 0 && dy === 0) return label;
        const { x, y } = view.project(label.at);
        return { code: label.code, at: view.unproject(x + dx, y + dy) };
      });
    return near
      ? { subdistricts: ground.subdistricts, communities: written(ground.communities) }
      : { subdistricts: written(ground.subdistricts), communities: ground.communities };
  };
}

/** The map is never turned, so what is seen is a box of degrees. */
function insideOf(view: MapView, { width, height }: NameSize): (at: LngLat) => boolean {
  const [nw, se] = [view.unproject(0, 0), view.unproject(width, height)];
  return ({ lng, lat }) => lng >= nw.lng && lng <= se.lng && lat <= nw.lat && lat >= se.lat;
}

/** A mark as it is drawn at this view, CSS px. */
export function boxOfMark(mark: Mark, view: MapView): Box {
  const { x, y } = view.project(mark.position);
  const scale = markScale(mark, view.zoom());
  const [width, height] = markPx(mark);
  return boxOn(x, y, width * scale, height * scale);
}
