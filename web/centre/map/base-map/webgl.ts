/** The base map under MapLibre's layers. */
import { addProtocol, type AddProtocolAction, type Map as WebGlMap, type SourceSpecification } from 'maplibre-gl';
import type { BaseMap } from '../../../../src/http/base-map.ts';
import type { Palette } from '../palette.ts';
import { vectorBaseLayers } from '../webgl/layers.ts';
import { piecesOf, TILE_PX, tileUrl, type TileAt } from './shifted-tiles.ts';

/** `tileType` of a PMTiles header that means vector tiles. */
const VECTOR = 1;
/** Tiles of the provider kept for their neighbours: each is part of up to four of ours. */
const KEPT_TILES = 96;

/**
 * @param before  layer that the base map lies under.
 * @param wanted  asked once its file has been read: by then it may have been switched off again, or the page left.
 * @throws Error when a PMTiles file cannot be read.
 */
export async function addBaseMap(map: WebGlMap, baseMap: BaseMap, palette: Palette, before: string, wanted: () => boolean): Promise<void> {
  const { source, vector } = await sourceOf(baseMap);
  if (!wanted()) return;
  map.addSource('base', source);
  const layers = vector
    ? vectorBaseLayers(palette)
    : [{ id: 'base', type: 'raster' as const, source: 'base', paint: { 'raster-fade-duration': 0 } }];
  for (const layer of layers) map.addLayer(layer, before);
}

/** In the colours of another theme; pictures have their own. */
export function paintBaseMap(map: WebGlMap, palette: Palette): void {
  for (const { id, type, paint } of vectorBaseLayers(palette)) {
    if (map.getLayer(id)?.type !== type) continue;
    for (const [key, value] of Object.entries(paint ?? {})) map.setPaintProperty(id, key as never, value as never);
  }
}

export function removeBaseMap(map: WebGlMap): void {
  for (const { id } of map.getStyle().layers) if (id === 'base' || id.startsWith('base-')) map.removeLayer(id);
  if (map.getSource('base')) map.removeSource('base');
}

async function sourceOf({ kind, url, coords, maxZoom }: BaseMap): Promise<{ source: SourceSpecification; vector: boolean }> {
  const absolute = url.startsWith('/') ? location.origin + url : url;
  if (kind === 'pmtiles') {
    const { PMTiles, Protocol } = await import('pmtiles');
    const file = new PMTiles(absolute);
    const vector = (await file.getHeader()).tileType === VECTOR;
    const protocol = new Protocol();
    protocol.add(file);
    addProtocol('pmtiles', protocol.tilev4 as AddProtocolAction);
    return { source: { type: vector ? 'vector' : 'raster', url: `pmtiles://${absolute}` }, vector };
  }
  if (coords === 'gcj02') addProtocol('shifted', shiftedTiles(absolute));
  const tiles = [coords === 'gcj02' ? 'shifted://{z}/{x}/{y}' : absolute];
  return { source: { type: 'raster', tiles, tileSize: TILE_PX, maxzoom: maxZoom }, vector: false };
}

/** Puts each tile together out of the pieces that the provider has of it. */
function shiftedTiles(template: string) {
  const kept = new Map<string, Promise<ImageBitmap>>();

  function picture(tile: TileAt): Promise<ImageBitmap> {
    const url = tileUrl(template, tile);
    const known = kept.get(url);
    if (known) return known;
    const loading = fetch(url, { credentials: 'omit' }).then(async (answer) => {
      if (!answer.ok) throw new Error(`the base map answers ${answer.status}`);
      return createImageBitmap(await answer.blob());
    });
    kept.set(url, loading);
    loading.catch(() => kept.delete(url));
    const oldest = kept.size > KEPT_TILES ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return loading;
  }

  return async ({ url }: { url: string }): Promise<{ data: ImageBitmap }> => {
    const [z, x, y] = url.slice('shifted://'.length).split('/').map(Number) as [number, number, number];
    const pieces = piecesOf({ z, x, y });
    const pictures = await Promise.all(pieces.map(picture));
    const drawn = new OffscreenCanvas(TILE_PX, TILE_PX);
    const g = drawn.getContext('2d')!;
    pieces.forEach(({ left, top }, i) => g.drawImage(pictures[i]!, left, top, TILE_PX, TILE_PX));
    return { data: drawn.transferToImageBitmap() };
  };
}
