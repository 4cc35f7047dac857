/** The map on a plain canvas, for computers without WebGL: the same cells, marks and keys. */
import type { GeoJSON as GeoJsonLayer, Layer, LayerGroup, Map as LeafletMap, Path, PathOptions } from 'leaflet';
import { bordersBetween, type Bounds } from '../../../shared/geometry.ts';
import { leaflet } from '../../../shared/map-library.ts';
import type { CellFeature } from '../../../shared/reference.ts';
import { baseLayer } from '../base-map/leaflet.ts';
import type { EngineOptions, FitOptions, GroundShade, Here, MapEngine } from '../engine.ts';
import { differences, toldOf, type Told } from '../differences.ts';
import { codeOfName, placeNameImage } from '../image-names.ts';
import { placeImage } from '../name-images.ts';
import { COMMUNITY_NAMES_FROM, type Names } from '../name-places.ts';
import { readPalette, type Palette } from '../palette.ts';
import { drawPicture } from '../pictures.ts';
import { ABOVE_NAMES, MAX_ZOOM, sameWays, type LngLat, type Mark, type Way } from '../scene.ts';
import { Sprites, type Sprite } from './sprites.ts';

/** Leaflet counts zooms on a world of 256 px. */
const ZOOM_STEP = 1;
/** Of the ground above a base map. */
const OVER_BASE = 0.55;
/** Shares of the busiest cell, and the token that they are shown in. */
const HEAT_STEPS = [
  [0.7, 'near'],
  [0.4, 'load-4'],
  [0.15, 'load-3'],
  [0, 'load-2'],
] as const;
const LOAD_STEPS = [
  [7, 'load-4'],
  [4, 'load-3'],
  [2, 'load-2'],
  [1, 'load-1'],
] as const;

const asBounds = ([west, south, east, north]: Bounds): [[number, number], [number, number]] => [
  [south, west],
  [north, east],
];

export function leafletEngine(options: EngineOptions): MapEngine {
  return new LeafletEngine(options);
}

class LeafletEngine implements MapEngine {
  readonly kind = 'leaflet';
  readonly #options: EngineOptions;
  readonly #map: LeafletMap;
  readonly #sprites: Sprites;
  readonly #resized: ResizeObserver;
  readonly #over: LayerGroup;
  readonly #here: LayerGroup;
  readonly #lines: LayerGroup;
  #cells!: GeoJsonLayer;
  #palette: Palette = readPalette();
  #incidents = new Map<string, Mark>();
  #units = new Map<string, Mark>();
  #shade: GroundShade = { as: 'none' };
  #shownHere: Here | null = null;
  #ways: readonly Way[] = [];
  #names: Names;
  #base: Layer | null = null;
  #based = false;
  /** Counts up each time the base map is switched, and at the end. */
  #baseTurn = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#names = { subdistricts: options.ground.subdistrictLabels, communities: options.ground.communityLabels };
    const { box, on, label, start, room } = options;
    const map = leaflet.map(box, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.25,
      preferCanvas: true,
      // The marks are one picture that would have to grow with the ground.
      zoomAnimation: false,
      fadeAnimation: false,
      keyboard: true,
      minZoom: 8 + ZOOM_STEP,
      maxZoom: MAX_ZOOM + ZOOM_STEP,
    });
    this.#map = map;
    map.fitBounds(asBounds(start), { ...padding(room), animate: false });
    this.#lines = leaflet.layerGroup().addTo(map);
    this.#here = leaflet.layerGroup().addTo(map);
    this.#over = leaflet.layerGroup().addTo(map);
    this.#sprites = new Sprites(map, (image) => this.#draw(image));
    this.#drawGround();
    this.#drawNames();
    map.on('move zoom', () => on.moved());
    map.on('zoomend', () => this.#drawNames());
    map.on('click', ({ latlng, containerPoint: { x, y } }) => {
      const hits = this.#sprites.at(x, y).map(({ key, what }) => ({ key, what: what as Mark['what'] }));
      on.clicked({ lng: latlng.lng, lat: latlng.lat }, hits);
    });
    box.setAttribute('role', 'application');
    box.setAttribute('aria-label', label);
    this.#resized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    this.#resized.observe(box);
    queueMicrotask(() => on.ready());
  }

  // ---- the ground ----
  #drawGround(): void {
    const { ground } = this.#options;
    this.#lines.clearLayers();
    const p = this.#palette;
    this.#cells = leaflet.geoJSON(ground.cells, { interactive: false, style: (f) => this.#cellStyle(f as CellFeature) }).addTo(this.#lines);
    const line = (color: string, weight: number) => ({ interactive: false, style: { color, weight, fill: false } });
    leaflet.geoJSON(ground.communities, line(p['map-community'], 1)).addTo(this.#lines);
    leaflet.geoJSON(ground.subdistricts, line(p['map-sub'], 1.8)).addTo(this.#lines);
  }

  #cellStyle({ properties: { code } }: CellFeature): PathOptions {
    const shade = this.#shade;
    const p = this.#palette;
    const steps = shade.as === 'heat' ? HEAT_STEPS : LOAD_STEPS;
    const value = shade.as === 'load' ? (shade.counts.get(code) ?? 0) : shade.as === 'heat' ? (this.#heat.get(code) ?? -1) : -1;
    const colour = steps.find(([from]) => value >= from)?.[1];
    const opacity = this.#based ? (colour ? OVER_BASE : 0) : 1;
    return { color: p['map-cell'], weight: 0.8, fillColor: colour ? p[colour] : p['map-land'], fillOpacity: opacity };
  }
  /** Share of the busiest cell, 0–1. */
  #heat: ReadonlyMap<string, number> = new Map();

  setShade(shade: GroundShade): void {
    this.#shade = shade;
    const points = shade.as === 'heat' ? shade.points : [];
    const most = Math.max(1, ...points.map((p) => p.count));
    this.#heat = new Map(points.map((p) => [p.cell, p.count / most]));
    this.#restyle();
  }
  /** Only the cells that look different: thousands drawn anew on a plain canvas with each move would hold up the page. */
  #restyle(): void {
    this.#cells.eachLayer((layer) => {
      const path = layer as Path & { feature: CellFeature };
      const style = this.#cellStyle(path.feature);
      const { fillColor, fillOpacity, color } = path.options;
      if (fillColor !== style.fillColor || fillOpacity !== style.fillOpacity || color !== style.color) path.setStyle(style);
    });
  }

  setNames(names: Names): void {
    this.#names = names;
    this.#drawNames();
  }
  #drawNames(): void {
    const labels = this.zoom() >= COMMUNITY_NAMES_FROM ? this.#names.communities : this.#names.subdistricts;
    const sprites = labels.map(({ code, at }): Sprite => ({ key: code, what: 'name', image: placeNameImage(code), position: at, rank: 0 }));
    this.#sprites.set('names', sprites);
  }

  #draw(image: string): ImageData {
    const code = codeOfName(image);
    return code === null ? drawPicture(image, this.#palette) : placeImage(code, this.#options.nameOf, this.#palette);
  }

  setHere(here: Here | null): void {
    this.#shownHere = here;
    this.#here.clearLayers();
    if (!here) return;
    const own = this.#options.ground.cells.features.filter((f) => f.properties.community === here.community);
    const { accent } = this.#palette;
    for (const cell of own) {
      const chosen = cell.properties.code === here.cell;
      const style = { color: accent, weight: chosen ? 2 : 0, fillColor: accent, fillOpacity: chosen ? 0.18 : 0.07 };
      leaflet.geoJSON(cell, { interactive: false, style }).addTo(this.#here);
    }
    const edge = bordersBetween({ type: 'FeatureCollection', features: own }, (p) => p.community);
    leaflet.geoJSON(edge, { interactive: false, style: { color: accent, weight: 1.6, fill: false } }).addTo(this.#here);
  }

  // ---- what stands on it ----
  setIncidents(marks: readonly Mark[]): Told {
    const told = toldOf(differences(this.#incidents, marks));
    if (told.differing === 0) return told;
    this.#incidents = new Map(marks.map((m) => [m.key, m]));
    this.#sprites.set('incidents', marks);
    return told;
  }
  setUnits(marks: readonly Mark[]): Told {
    const told = toldOf(differences(this.#units, marks));
    if (told.differing === 0) return told;
    this.#units = new Map(marks.map((m) => [m.key, m]));
    this.#sprites.set(
      'units',
      marks.filter((m) => m.rank < ABOVE_NAMES),
    );
    this.#sprites.set(
      'sent',
      marks.filter((m) => m.rank >= ABOVE_NAMES),
    );
    return told;
  }
  setWays(ways: readonly Way[]): void {
    if (sameWays(ways, this.#ways)) return;
    this.#ways = ways;
    this.#drawWays();
  }
  #drawWays(): void {
    this.#over.clearLayers();
    for (const { from, to } of this.#ways) {
      const line: [number, number][] = [from, to].map(({ lat, lng }) => [lat, lng]);
      const look = { color: this.#palette['map-route'], weight: 2.5, dashArray: '1 6', lineCap: 'round', interactive: false } as const;
      leaflet.polyline(line, look).addTo(this.#over);
    }
  }

  setBaseMap(on: boolean): void {
    const { baseMap, on: events } = this.#options;
    if (baseMap === null || on === this.#based) return;
    this.#based = on;
    const turn = ++this.#baseTurn;
    this.#base?.remove();
    this.#base = null;
    this.#restyle();
    if (!on) return;
    // Its file is read first: by then it may have been switched off again, or the page left.
    const wanted = () => turn === this.#baseTurn;
    const trouble = () => void (wanted() && events.trouble('tiles'));
    baseLayer(baseMap, trouble).then((layer) => {
      // A map of lines only the other engine can draw is no base map here.
      if (layer === null) trouble();
      else if (wanted()) this.#base = layer.addTo(this.#map);
    }, trouble);
  }

  redress(label: string): void {
    this.#options.box.setAttribute('aria-label', label);
    this.#palette = readPalette();
    this.#sprites.forget();
    this.#drawGround();
    this.setHere(this.#shownHere);
    this.#drawWays();
  }

  // ---- the view ----
  fit(bounds: Bounds, { room, maxZoom }: FitOptions): void {
    this.#map.fitBounds(asBounds(bounds), { ...padding(room), maxZoom: maxZoom + ZOOM_STEP, animate: false });
  }
  goTo(at: LngLat, zoom: number): void {
    this.#map.setView([at.lat, at.lng], zoom + ZOOM_STEP, { animate: false });
  }
  zoomBy(steps: 1 | -1): void {
    this.#map.setZoom(this.#map.getZoom() + steps, { animate: false });
  }
  zoom(): number {
    return this.#map.getZoom() - ZOOM_STEP;
  }
  centre(): LngLat {
    const { lng, lat } = this.#map.getCenter();
    return { lng, lat };
  }
  project(at: LngLat): { x: number; y: number } {
    return this.#map.latLngToContainerPoint([at.lat, at.lng]);
  }
  unproject(x: number, y: number): LngLat {
    const { lng, lat } = this.#map.containerPointToLatLng([x, y]);
    return { lng, lat };
  }
  setCursor(cursor: '' | 'crosshair'): void {
    this.#options.box.style.cursor = cursor;
  }
  destroy(): void {
    this.#baseTurn += 1;
    this.#resized.disconnect();
    this.#sprites.stop();
    this.#map.remove();
  }
}

function padding(room: EngineOptions['room']) {
  return { paddingTopLeft: [room.left, room.top] as [number, number], paddingBottomRight: [room.right, room.bottom] as [number, number] };
}
