/** The base map under Leaflet. Its pictures are only shown, never read, so the host need not allow that they are. */
import type { Coords, DoneCallback, Layer } from 'leaflet';
import type { PMTiles } from 'pmtiles';
import type { BaseMap } from '../../../../src/http/base-map.ts';
import { leaflet } from '../../../shared/map-library.ts';
import { piecesOf, TILE_PX, tileUrl } from './shifted-tiles.ts';

/** By the `tileType` of a PMTiles header; the others are no pictures. */
const PICTURE_TYPE: ReadonlyMap<number, string> = new Map([
  [2, 'image/png'],
  [3, 'image/jpeg'],
  [4, 'image/webp'],
  [5, 'image/avif'],
]);

/** @returns null for what this engine cannot draw: vector tiles. @throws Error when a PMTiles file cannot be read. */
export async function baseLayer({ kind, url, coords, maxZoom }: BaseMap, trouble: () => void): Promise<Layer | null> {
  const options = { maxNativeZoom: maxZoom, maxZoom: 19 };
  if (kind === 'pmtiles') {
    const { PMTiles } = await import('pmtiles');
    const file = new PMTiles(url.startsWith('/') ? location.origin + url : url);
    const { tileType, maxZoom: most } = await file.getHeader();
    const type = PICTURE_TYPE.get(tileType);
    return type === undefined ? null : new (fileLayer(file, type))({ ...options, maxNativeZoom: most }).on('tileerror', trouble);
  }
  const layer = coords === 'gcj02' ? new (shiftedLayer(url))(options) : leaflet.tileLayer(url, options);
  return layer.on('tileerror', trouble);
}

/** Pictures out of one file, as far as it has them. */
function fileLayer(file: PMTiles, type: string) {
  return leaflet.GridLayer.extend({
    createTile({ z, x, y }: Coords, done: DoneCallback) {
      const picture = document.createElement('img');
      file.getZxy(z, x, y).then(
        (tile) => {
          if (!tile) return done(undefined, picture);
          const source = URL.createObjectURL(new Blob([tile.data], { type }));
          picture.onload = () => (URL.revokeObjectURL(source), done(undefined, picture));
          picture.src = source;
        },
        (error: Error) => done(error, picture),
      );
      return picture;
    },
  }) as unknown as typeof leaflet.GridLayer;
}

function shiftedLayer(template: string) {
  return leaflet.GridLayer.extend({
    createTile(at: Coords, done: DoneCallback) {
      const canvas = document.createElement('canvas');
      canvas.width = TILE_PX;
      canvas.height = TILE_PX;
      const g = canvas.getContext('2d')!;
      const pieces = piecesOf(at);
      let waiting = pieces.length;
      const one = (error?: Error) => {
        waiting -= 1;
        if (error || waiting === 0) done(error, canvas);
      };
      for (const piece of pieces) {
        const picture = new Image();
        picture.onload = () => (g.drawImage(picture, piece.left, piece.top, TILE_PX, TILE_PX), one());
        picture.onerror = () => one(new Error('a tile of the base map does not come'));
        picture.src = tileUrl(template, piece);
      }
      return canvas;
    },
  }) as unknown as typeof leaflet.GridLayer;
}
