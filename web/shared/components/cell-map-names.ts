/** Names of the cells around the one that a small map shows. */
import type { LayerGroup, Map as LeafletMap } from 'leaflet';
import { nameOf } from '../i18n.ts';
import { middleOf, type CellCollection, type CellFeature } from '../reference.ts';

/** A map with all 896 would be a page of text. */
const WITHIN_DEG = 0.012;
/** A character of Chinese, and the height of a name with its halo. */
const CHARACTER_PX = 14;
const NAME_PX = 20;

/** What stands on the map already, around its middle, in pixels of the layer. */
export interface Taken {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @param home  the cell that is shown; it has no name on the map, because the page says it. */
export function drawCellNames(
  L: typeof import('leaflet'),
  map: LeafletMap,
  onto: LayerGroup,
  cells: CellCollection,
  home: CellFeature | undefined,
  at: { readonly lng: number; readonly lat: number },
  marks: readonly Taken[],
): void {
  // A name on top of a mark reads as neither, nor does one on top of a name.
  const taken = [...marks];
  for (const feature of cells.features) {
    const middle = middleOf(feature);
    if (Math.hypot(middle.lng - at.lng, middle.lat - at.lat) > WITHIN_DEG || feature === home) continue;
    const name = shortName(feature, home);
    const { x, y } = map.latLngToLayerPoint([middle.lat, middle.lng]);
    const width = CHARACTER_PX * name.length;
    if (taken.some((o) => Math.abs(o.y - y) < (o.height + NAME_PX) / 2 && Math.abs(o.x - x) < (o.width + width) / 2)) continue;
    taken.push({ x, y, width, height: NAME_PX });
    const icon = L.divIcon({ className: 'cell-name', html: '', iconSize: [120, 18] });
    const marker = L.marker([middle.lat, middle.lng], { icon, interactive: false, keyboard: false }).addTo(onto);
    marker.getElement()!.textContent = name;
  }
}

/** In the same community the number is enough: 第4网格, not 大观第4网格. */
function shortName(feature: CellFeature, home: CellFeature | undefined): string {
  const full = nameOf(feature.properties);
  return home && home.properties.community === feature.properties.community ? full.replace(/^.*?(第\d+网格)$/, '$1') : full;
}
