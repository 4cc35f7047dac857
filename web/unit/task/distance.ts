/** How a straight distance is said. The product has no road network, so the words always say 直线. Pure. */
import type { Position } from '../../../src/dispatch/chain/incident.ts';

const rad = (degrees: number) => (degrees * Math.PI) / 180;

/** As a number and a unit: metres in tens below one kilometre, then kilometres with one digit, whole ones from ten. */
export function roundedDistance(metres: number): { readonly value: string; readonly unit: 'm' | 'km' } {
  if (metres < 995) return { value: String(Math.round(metres / 10) * 10), unit: 'm' };
  const km = metres / 1_000;
  return { value: km < 9.95 ? km.toFixed(1) : String(Math.round(km)), unit: 'km' };
}

/** Eight directions, as a stranger to the street would be told. */
export const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Where `b` lies as seen from `a`. */
export function directionOf(a: Position, b: Position): Direction {
  const east = (b.lng - a.lng) * Math.cos(rad((a.lat + b.lat) / 2));
  const degrees = (Math.atan2(east, b.lat - a.lat) * 180) / Math.PI;
  return DIRECTIONS[(Math.round(degrees / 45) + 8) % 8]!;
}
