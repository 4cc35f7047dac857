/** Which map the person took last on this device. */
import { MAPS, type MapName } from './map-links.ts';

const KEPT = 'unit.map';

export function keptMap(): MapName | null {
  try {
    const kept = localStorage.getItem(KEPT);
    return MAPS.find((map) => map === kept) ?? null;
  } catch {
    return null;
  }
}

export function keepMap(map: MapName): void {
  try {
    localStorage.setItem(KEPT, map);
  } catch {
    // The list then starts as it always does.
  }
}
