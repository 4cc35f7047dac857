/** What stands on the map, the same for both engines. Pure. */
import type { Level, Position } from '../../shared/types.ts';
import { clusterImage, markImage } from './image-names.ts';

export interface LngLat {
  readonly lng: number;
  readonly lat: number;
}
export interface MapIncident {
  readonly id: string;
  readonly level: Level;
  readonly late: boolean;
  readonly chosen: boolean;
  readonly position: Position;
}
export interface MapUnit {
  readonly code: string;
  readonly image: string;
  /** Sent to the opened incident: drawn above the others, and with its way. */
  readonly sent: boolean;
  /** At a position that it told a while ago or never: its home is drawn. */
  readonly atHome: boolean;
  readonly position: LngLat;
}
export interface Cluster {
  /** Of its place: the same cluster keeps it while others change. */
  readonly key: string;
  readonly position: LngLat;
  readonly count: number;
  readonly gravest: Level;
  readonly late: number;
  /** Zoom at which it falls apart. */
  readonly opensAt: number;
}

/** A picture at a place. `what` says what a click on it means. */
export interface Mark {
  readonly key: string;
  readonly what: 'incident' | 'cluster' | 'unit';
  readonly image: string;
  readonly position: LngLat;
  /** Higher lies above. */
  readonly rank: number;
}

/** Graver marks lie above, overdue above those of the same level, the chosen one on top. */
export function rankOf(incident: Pick<MapIncident, 'level' | 'late' | 'chosen'>): number {
  return (incident.chosen ? 100 : 0) + (5 - Number(incident.level.slice(1))) * 2 + Number(incident.late);
}

export function incidentMark(incident: MapIncident): Mark {
  const { id, level, late, chosen, position } = incident;
  return { key: id, what: 'incident', image: markImage(level, late, chosen), position, rank: rankOf(incident) };
}

export function clusterMark({ key, gravest, late, count, position }: Cluster): Mark {
  return {
    key,
    what: 'cluster',
    image: clusterImage(gravest, late > 0, count),
    position,
    rank: 20 + rankOf({ level: gravest, late: late > 0, chosen: false }),
  };
}

export function unitMark({ code, image, position, sent }: MapUnit): Mark {
  return { key: code, what: 'unit', image, position, rank: Number(sent) };
}

export interface Way {
  readonly from: LngLat;
  readonly to: LngLat;
}

/** Straight lines from the units that are sent and say where they are: no roads are known, and nobody drives from an old position. */
export function waysOf(units: readonly MapUnit[], to: LngLat | null): Way[] {
  return to === null ? [] : units.filter((u) => u.sent && !u.atHome).map((u) => ({ from: u.position, to }));
}

/** Open incidents per cell, for the ground's colour. */
export function countByCell(cells: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
}
