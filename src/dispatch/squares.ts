/** The squares of the ground by which the database finds what is near: the same numbers as its function `ground_square`. Pure. */

const METRES_PER_DEGREE = 111_195;
const RADIAN = Math.PI / 180;
const PER_DEGREE = 1_000;

/** All squares that a circle may touch: never one too few. At 60 m nine, or four to six where it lies well inside. */
export function squaresAround({ lng, lat }: { readonly lng: number; readonly lat: number }, radiusM: number): number[] {
  const reachLat = radiusM / METRES_PER_DEGREE;
  // Towards the pole a degree of longitude is shorter: measured at the edge that is further from the equator.
  const reachLng = reachLat / Math.max(0.01, Math.cos((Math.abs(lat) + reachLat) * RADIAN));
  const squares: number[] = [];
  for (let y = Math.floor((lat - reachLat) * PER_DEGREE); y <= Math.floor((lat + reachLat) * PER_DEGREE); y++) {
    for (let x = Math.floor((lng - reachLng) * PER_DEGREE); x <= Math.floor((lng + reachLng) * PER_DEGREE); x++)
      squares.push(y * 1_000_000 + x);
  }
  return squares;
}
