/** Tells a source of the map the marks that differ. */
import type { Feature, Point } from 'geojson';
import type { GeoJSONSource, GeoJSONSourceDiff, Map as WebGlMap } from 'maplibre-gl';
import { countOf, differences, NOTHING_TOLD, toldOf, type Told } from '../differences.ts';
import { codeOfName } from '../image-names.ts';
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

  constructor(map: WebGlMap, source: string) {
    this.#map = map;
    this.#source = source;
  }

  show(marks: readonly Mark[]): Told {
    const found = differences(this.#shown, marks);
    const count = countOf(found);
    if (count === 0) return NOTHING_TOLD;
    const source = this.#map.getSource(this.#source) as GeoJSONSource;
    if (count > marks.length * WHOLE_FROM && found.moved.length < count / 2) {
      void source.setData({ type: 'FeatureCollection', features: marks.map(featureOf) });
    } else void source.updateData(diffOf(found));
    this.#shown = new Map(marks.map((mark) => [mark.key, mark]));
    this.#letGo(marks);
    return toldOf(found);
  }

  #letGo(marks: readonly Mark[]): void {
    const pictures = this.#map.listImages().filter((image) => codeOfName(image) === null);
    if (pictures.length <= KEPT_PICTURES) return;
    const used = new Set(marks.map(({ image }) => image));
    for (const image of pictures) if (!used.has(image)) this.#map.removeImage(image);
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
