/** What a map engine has to do, so that the page does not care which one draws: MapLibre by WebGL, Leaflet on a plain canvas. */
import type { BaseMap } from '../../../src/http/base-map.ts';
import type { Bounds } from '../../shared/geometry.ts';
import type { Position } from '../../shared/types.ts';
import type { Ground } from './ground.ts';
import type { Told } from './differences.ts';
import type { MapView, Names } from './name-places.ts';
import type { LngLat, Mark, Way } from './scene.ts';

export interface Here {
  readonly cell: string;
  readonly community: string;
  readonly position: Position;
}
export interface HeatPoint {
  readonly cell: string;
  readonly position: LngLat;
  readonly count: number;
}
/** The ground's colour: a number for each cell that has one, and how to show it. */
export type GroundShade =
  | { readonly as: 'load'; readonly counts: ReadonlyMap<string, number> }
  | { readonly as: 'heat'; readonly points: readonly HeatPoint[] }
  | { readonly as: 'none' };

/** CSS px that lie under the page's own buttons. */
export interface Room {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}
export interface FitOptions {
  readonly room: Room;
  readonly maxZoom: number;
  /** Milliseconds; 0 where the person does not want movement. */
  readonly ms: number;
}

export interface EngineOptions {
  readonly box: HTMLElement;
  readonly ground: Ground;
  readonly baseMap: BaseMap | null;
  readonly start: Bounds;
  readonly room: Room;
  readonly label: string;
  /** Name of a place on the map, in the language shown. */
  readonly nameOf: (kind: 'subdistrict' | 'community', code: string) => string;
  readonly on: EngineEvents;
}
export interface EngineEvents {
  /** The ground is drawn; what was set before is drawn too. */
  ready(): void;
  /** The view has changed, also in the middle of a movement. */
  moved(): void;
  /** A click, and what lies under it, uppermost first. */
  clicked(at: LngLat, hits: readonly Pick<Mark, 'key' | 'what'>[]): void;
  /** `start`: cannot draw at all. `lost`: the graphics card has gone; it may come back by itself. `back`: it has. `tiles`: the base map does not come. */
  trouble(what: 'start' | 'lost' | 'back' | 'tiles'): void;
}

/** Zooms are MapLibre's everywhere: the world on 512 px at zoom 0. */
export interface MapEngine extends MapView {
  readonly kind: 'webgl' | 'leaflet';
  /** Incidents and clusters, all of them; the engine tells its drawing only what differs. */
  setIncidents(marks: readonly Mark[]): Told;
  setUnits(marks: readonly Mark[]): Told;
  setWays(ways: readonly Way[]): void;
  setShade(shade: GroundShade): void;
  setHere(here: Here | null): void;
  /** Where the names of places are written; which of them are seen from afar is the engine's. */
  setNames(names: Names): void;
  setBaseMap(on: boolean): void;
  /** Another theme or language: pictures and names are made anew. */
  redress(label: string): void;
  fit(bounds: Bounds, options: FitOptions): void;
  /** Towards a place, to a zoom. */
  goTo(at: LngLat, zoom: number, ms: number): void;
  zoomBy(steps: 1 | -1, ms: number): void;
  /** In the middle of the map. */
  centre(): LngLat;
  setCursor(cursor: '' | 'crosshair'): void;
  destroy(): void;
}
