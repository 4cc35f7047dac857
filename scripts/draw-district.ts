/**
 * Draws the ground of the sign-in page: `node scripts/draw-district.ts` reads data/world and writes web/public/district.svg.
 * Four groups to be used and coloured by the page. Equirectangular, 58 m a unit, whole units: exact enough for a backdrop.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Point = readonly [number, number];
interface Shape {
  readonly geometry:
    { readonly type: 'Polygon'; readonly coordinates: Point[][] } | { readonly type: 'MultiPolygon'; readonly coordinates: Point[][][] };
}

const SIDE = 900;
const METRES_PER_UNIT = 58;
const MIDDLE: Point = [113.125, 23.67];
const METRES_PER_DEG_LAT = 110_600;
const METRES_PER_DEG_LNG = 111_320 * Math.cos((23.68 * Math.PI) / 180);

const at = ([lng, lat]: Point): Point => [
  Math.round(SIDE / 2 + ((lng - MIDDLE[0]) * METRES_PER_DEG_LNG) / METRES_PER_UNIT),
  Math.round(SIDE / 2 - ((lat - MIDDLE[1]) * METRES_PER_DEG_LAT) / METRES_PER_UNIT),
];

function ringPath(ring: readonly Point[]): string {
  let path = '';
  let last = '';
  for (const [x, y] of ring.slice(0, -1).map(at)) {
    const here = `${x} ${y}`;
    if (here !== last) path += `${path === '' ? 'M' : 'L'}${here}`;
    last = here;
  }
  return `${path}Z`;
}

function paths(file: string): string {
  const { features } = JSON.parse(readFileSync(`data/world/${file}`, 'utf8')) as { features: Shape[] };
  return features
    .flatMap(({ geometry }) => (geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()))
    .map(ringPath)
    .join('');
}

const group = (id: string, file: string) => `<path id="${id}" d="${paths(file)}"/>`;
writeFileSync(
  'web/public/district.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}">${group('land', 'district.geojson')}${group('cells', 'cells.geojson')}${group('communities', 'communities.geojson')}${group('subdistricts', 'subdistricts.geojson')}</svg>\n`,
);
