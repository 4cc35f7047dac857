/** What stands on the map, the same for both engines. Pure. */
import type { Level, Position } from '../../shared/types.ts';
import { clusterImage, markImage, pictureNamed } from './image-names.ts';

/** As near as the map goes, by both engines. A pixel is then half a metre here. */
export const MAX_ZOOM = 17;

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
  /** Called, on its way or on the scene: drawn above those that wait. */
  readonly busy: boolean;
  /** At a position that it told a while ago or never: its home is drawn. */
  readonly atHome: boolean;
  readonly position: LngLat;
}
export interface Cluster {
  /** Of its place: the same cluster keeps it while others change. */
  readonly key: string;
  readonly position: LngLat;
  readonly members: readonly MapIncident[];
  readonly gravest: Level;
  /** How many of them are overdue. */
  readonly late: number;
  /** The one that is looked at is among them. */
  readonly chosen: boolean;
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

/** Whether both lists put the same on the map, in the same order. */
export function sameIncidents(a: readonly MapIncident[], b: readonly MapIncident[]): boolean {
  return a.length === b.length && a.every((one, i) => sameIncident(one, b[i]!));
}
function sameIncident(a: MapIncident, b: MapIncident): boolean {
  const samePlace = a.position.lng === b.position.lng && a.position.lat === b.position.lat;
  return samePlace && a.id === b.id && a.level === b.level && a.late === b.late && a.chosen === b.chosen;
}

/** Graver marks lie above, overdue above those of the same level, the chosen one on top. */
export function rankOf(incident: Pick<MapIncident, 'level' | 'late' | 'chosen'>): number {
  return (incident.chosen ? 100 : 0) + (5 - Number(incident.level.slice(1))) * 2 + Number(incident.late);
}

export function incidentMark(incident: MapIncident): Mark {
  const { id, level, late, chosen, position } = incident;
  return { key: id, what: 'incident', image: markImage(level, late, chosen), position, rank: rankOf(incident) };
}

export function clusterOf(members: readonly MapIncident[], position: LngLat): Cluster {
  const gravest = members.map(({ level }) => level).sort()[0]!;
  return {
    key: `cluster ${position.lng.toFixed(6)} ${position.lat.toFixed(6)}`,
    position,
    members,
    gravest,
    late: members.filter(({ late }) => late).length,
    chosen: members.some(({ chosen }) => chosen),
  };
}
/** Lies as high as the gravest of its incidents would, an overdue one among them: a number is no reason to lie above. */
export function clusterMark({ key, gravest, late: howMany, chosen, members, position }: Cluster): Mark {
  const late = howMany > 0;
  const image = clusterImage(gravest, late, chosen, members.length);
  return { key, what: 'cluster', image, position, rank: rankOf({ level: gravest, late, chosen }) };
}

/** Units of this rank lie above the names of places, the others below: a name is read more often than a unit at rest. */
export const ABOVE_NAMES = 3;
/** Of a unit that waits at its home: the smallest mark on the map, and one that names give way to, because it does not move. */
export const AT_REST = 0;

export function unitMark({ code, image, position, sent, busy, atHome }: MapUnit): Mark {
  return { key: code, what: 'unit', image, position, rank: sent ? ABOVE_NAMES : busy ? 2 : atHome ? AT_REST : 1 };
}

/** Height of a cluster's plate, CSS px. */
export const PLATE_PX = 24;
const DIGIT_PX = 7.6;
/** As wide as its level mark and its digits need, CSS px. */
export const plateWidth = (count: number): number => PLATE_PX + 8 + String(count).length * DIGIT_PX;

/** A mark at its full size, CSS px: its shape, without the room for rim and ring around it. */
export function markPx({ what, image }: Pick<Mark, 'what' | 'image'>): readonly [width: number, height: number] {
  if (what === 'unit') return [18, 18];
  const picture = pictureNamed(image);
  if (picture.of === 'cluster') return [plateWidth(picture.count) + 2, PLATE_PX + 2];
  return picture.of === 'incident' && picture.chosen ? [32, 32] : [22, 22];
}

/** How large marks are by zoom: small from afar, all of their size from `full` on, in between by the line through both. [ours] */
export const MARK_SIZE = { far: 9, full: 12.5, small: 0.72, atRest: 0.5 } as const;

/** Part of its full size that a mark has from afar. A cluster keeps all of it: its digits are to be read. */
export function leastScale({ what, rank }: Pick<Mark, 'what' | 'rank'>): number {
  if (what === 'cluster') return 1;
  return what === 'unit' && rank === AT_REST ? MARK_SIZE.atRest : MARK_SIZE.small;
}
/** How far marks have grown from their least to their full size, 0 to 1. */
export const sizeByZoom = (zoom: number): number => Math.min(1, Math.max(0, (zoom - MARK_SIZE.far) / (MARK_SIZE.full - MARK_SIZE.far)));
/** Part of its full size in which a mark is drawn. */
export function markScale(mark: Pick<Mark, 'what' | 'rank'>, zoom: number): number {
  const least = leastScale(mark);
  return least + (1 - least) * sizeByZoom(zoom);
}

export interface Way {
  readonly from: LngLat;
  readonly to: LngLat;
}

/** Straight lines from the units that are sent and say where they are: no roads are known, and nobody drives from an old position. */
export function waysOf(units: readonly MapUnit[], to: LngLat | null): Way[] {
  return to === null ? [] : units.filter((u) => u.sent && !u.atHome).map((u) => ({ from: u.position, to }));
}

export function sameWays(a: readonly Way[], b: readonly Way[]): boolean {
  const same = (p: LngLat, q: LngLat) => p.lng === q.lng && p.lat === q.lat;
  return a.length === b.length && a.every((way, i) => same(way.from, b[i]!.from) && same(way.to, b[i]!.to));
}

/** Open incidents per place: of cells, for the ground's colour. */
export function countByPlace(places: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}

/** Subdistricts named in the line above the map. */
const NAMED = 4;
export interface CountsInALine {
  readonly named: readonly (readonly [code: string, count: number])[];
  /** What is left of the places and of their incidents, so that the line's sum is right. */
  readonly others: { readonly places: number; readonly incidents: number };
}
/** How many are open in each subdistrict, most first, of as many by code: the picture in one line, which stays in its order. */
export function countsInALine(subdistricts: Iterable<string>): CountsInALine {
  const all = [...countByPlace(subdistricts)].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const rest = all.slice(NAMED);
  return { named: all.slice(0, NAMED), others: { places: rest.length, incidents: rest.reduce((sum, [, n]) => sum + n, 0) } };
}
