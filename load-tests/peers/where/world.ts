/** A district made for measuring: the same in every run, as large as asked for. */
import type { CellShape } from '../../../src/grid/locate.ts';
import type { PlacedUnit } from '../../../src/grid/nearest.ts';
import { seeded } from '../../../scripts/replay/random.ts';

type Point = readonly [lng: number, lat: number];

/** Of the district, degrees: some 50 km each way. */
const WEST = 112.9;
const SOUTH = 23.5;
const SIDE_DEG = 0.5;
/** Corners between two junctions of a border, so that a cell has some twenty, as the demo world's do. */
const BENDS = 4;

/** `side` × `side` bent quadrilaterals; neighbours share every corner of their border. */
export function cellsOf(side: number): CellShape[] {
  const random = seeded(7);
  const step = SIDE_DEG / side;
  const jitter = (share: number): number => (random() - 0.5) * step * share;
  const junctions = Array.from({ length: side + 1 }, (_, row) =>
    Array.from({ length: side + 1 }, (_, column): Point => [WEST + column * step + jitter(0.5), SOUTH + row * step + jitter(0.5)]),
  );
  const bent = (a: Point, b: Point): Point[] => [
    a,
    ...Array.from({ length: BENDS }, (_, i): Point => {
      const t = (i + 1) / (BENDS + 1);
      return [a[0] + (b[0] - a[0]) * t + jitter(0.08), a[1] + (b[1] - a[1]) * t + jitter(0.08)];
    }),
  ];
  const at = (row: number, column: number): Point => junctions[row]![column]!;
  const eastward = Array.from({ length: side + 1 }, (_, row) =>
    Array.from({ length: side }, (_, column) => bent(at(row, column), at(row, column + 1))),
  );
  const northward = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side + 1 }, (_, column) => bent(at(row, column), at(row + 1, column))),
  );
  const cells: CellShape[] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const ring = [
        ...eastward[row]![column]!,
        ...northward[row]![column + 1]!,
        at(row + 1, column + 1),
        ...eastward[row + 1]![column]!.slice(1).reverse(),
        at(row + 1, column),
        ...northward[row]![column]!.slice(1).reverse(),
        at(row, column),
      ];
      const coordinates = [ring.map(([lng, lat]) => [lng, lat] as [number, number])];
      cells.push({ code: String(cells.length).padStart(5, '0'), geometry: { type: 'Polygon', coordinates } });
    }
  }
  return cells;
}

/** Anywhere in the district and a little around it, lng and lat in turns. */
export function pointsIn(count: number): Float64Array {
  const random = seeded(11);
  const margin = SIDE_DEG / 50;
  return Float64Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? WEST : SOUTH) - margin + random() * (SIDE_DEG + margin * 2));
}

/** Where people are: half of them in a town of a hundredth of the area. lng and lat in turns. */
export function townPointsIn(count: number): Float64Array {
  const random = seeded(13);
  return Float64Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? WEST : SOUTH) + random() * sideOf(i >> 1));
}

/** Spread as people are; of eight types. */
export function unitsOf(count: number): PlacedUnit[] {
  const random = seeded(42);
  return Array.from({ length: count }, (_, i) => ({
    code: `u${String(i).padStart(5, '0')}`,
    type: `t${(i >> 1) % 8}`,
    position: { lng: WEST + random() * sideOf(i), lat: SOUTH + random() * sideOf(i) },
    scope: [],
  }));
}

const sideOf = (n: number): number => (n % 2 === 0 ? SIDE_DEG / 10 : SIDE_DEG);
