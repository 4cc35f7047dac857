/** How far a point lies from the border of an area. Pure. */
import { ringsOf, type Area } from './geometry.ts';

const METRES_PER_DEGREE = 111_195;
const RADIAN = Math.PI / 180;

/** Metres to the nearest point of any ring, from inside or from outside; Infinity for an area without one. Plane about the point: within 0.1 % inside a district. */
export function distanceToBorderM(area: Area, lng: number, lat: number): number {
  const scaleX = METRES_PER_DEGREE * Math.cos(lat * RADIAN);
  let nearest = Infinity;
  for (const ring of ringsOf(area)) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const ax = (ring[k]![0] - lng) * scaleX;
      const ay = (ring[k]![1] - lat) * METRES_PER_DEGREE;
      const dx = (ring[k + 1]![0] - lng) * scaleX - ax;
      const dy = (ring[k + 1]![1] - lat) * METRES_PER_DEGREE - ay;
      const length = dx * dx + dy * dy;
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length));
      nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy));
    }
  }
  return nearest;
}
