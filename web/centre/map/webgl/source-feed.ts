/** Tells a source of the map the marks that differ, and makes the pictures that it does not have yet. */
import type { Feature, Point } from 'geojson';
import type { GeoJSONSource, GeoJSONSourceDiff, Map as WebGlMap } from 'maplibre-gl';
import { countOf, differences, NOTHING_TOLD, toldOf, type Told } from '../differences.ts';
import type { Palette } from '../palette.ts';
import { drawPicture, PIXEL_RATIO } from '../pictures.ts';
import type { LngLat, Mark } from '../scene.ts';

/** Past this share of differences the whole is cheaper: a zoom changes every cluster. */
const WHOLE_FROM = 0.6;
/** Each number of a cluster is a picture. Past so many, those that are drawn no more are let go: some 4 MB of them. */
const KEPT_PICTURES = 250;

const pointAt = ({ lng, lat }: LngLat): Point => ({ type: 'Point', coordinates: [lng, lat] });
const featureOf = ({ key, what, image, rank, position }: Mark): Feature => ({
  type: 'Feature',
  geometry: pointAt(position),
  properties: { key, what, image, rank },
});

export class SourceFeed {
  readonly #map: WebGlMap;
  readonly #source: string;
  #shown = new Map<string, Mark>();
  readonly #pictures = new Set<string>();

  constructor(map: WebGlMap, source: string) {
    this.#map = map;
    this.#source = source;
  }

  show(marks: readonly Mark[], palette: Palette): Told {
    const found = differences(this.#shown, marks);
    const count = countOf(found);
    if (count === 0) return NOTHING_TOLD;
    for (const { image } of [...found.added, ...found.changed]) {
      if (!this.#map.hasImage(image)) this.#map.addImage(image, drawPicture(image, palette), { pixelRatio: PIXEL_RATIO });
      this.#pictures.add(image);
    }
    if (this.#pictures.size > KEPT_PICTURES) this.#letGo(marks);
    const source = this.#map.getSource(this.#source) as GeoJSONSource;
    if (count > marks.length * WHOLE_FROM && found.moved.length < count / 2) {
      void source.setData({ type: 'FeatureCollection', features: marks.map(featureOf) });
    } else void source.updateData(diffOf(found));
    this.#shown = new Map(marks.map((mark) => [mark.key, mark]));
    return toldOf(found);
  }

  /** The worker may still be cutting the tiles of the last time, so their pictures stay too. */
  #letGo(marks: readonly Mark[]): void {
    const used = new Set([...this.#shown.values(), ...marks].map(({ image }) => image));
    for (const image of this.#pictures) {
      if (used.has(image)) continue;
      this.#map.removeImage(image);
      this.#pictures.delete(image);
    }
  }
}

function diffOf({ added, moved, changed, removed }: ReturnType<typeof differences>): GeoJSONSourceDiff {
  return {
    remove: [...removed],
    add: added.map(featureOf),
    update: [
      ...moved.map(({ key, position }) => ({ id: key, newGeometry: pointAt(position) })),
      ...changed.map(({ key, what, image, rank, position }) => ({
        id: key,
        newGeometry: pointAt(position),
        addOrUpdateProperties: Object.entries({ what, image, rank }).map(([name, value]) => ({ key: name, value })),
      })),
    ],
  };
}
