/** The map by WebGL: MapLibre, without any server. Loaded when it is shown; the page never waits for it. */
import type { FeatureCollection } from 'geojson';
import { LngLatBounds, Map as WebGlMap, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Bounds } from '../../../shared/geometry.ts';
import { addBaseMap, paintBaseMap, removeBaseMap } from '../base-map/webgl.ts';
import { differences, NOTHING_TOLD, toldOf, type Told } from '../differences.ts';
import type { EngineOptions, FitOptions, GroundShade, Here, MapEngine } from '../engine.ts';
import { codeOfName } from '../image-names.ts';
import { placeImage } from '../name-images.ts';
import type { Names } from '../name-places.ts';
import { readPalette } from '../palette.ts';
import { drawPicture, PIXEL_RATIO } from '../pictures.ts';
import { ABOVE_NAMES, MAX_ZOOM, sameWays, type LngLat, type Mark, type Way } from '../scene.ts';
import { heatFeatures, hereFeatures, nameFeatures, wayFeatures } from './features.ts';
import { KEY_OF, layersFor, SOURCES, UNITS_UNDER, type SourceName } from './layers.ts';
import { MarkLayer } from './mark-layer.ts';
import { SourceFeed } from './source-feed.ts';

setWorkerUrl(workerUrl);
const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };
/** A finger is wider than a mark, CSS px. */
const REACH_PX = 8;
const NAMES = [
  ['subdistrict-names', 'subdistricts'],
  ['community-names', 'communities'],
] as const;
const asBounds = ([west, south, east, north]: Bounds) => new LngLatBounds([west, south], [east, north]);

/** @throws Error when WebGL cannot be had. */
export function webGlEngine(options: EngineOptions): MapEngine {
  return new WebGlEngine(options);
}

class WebGlEngine implements MapEngine {
  readonly kind = 'webgl';
  readonly #options: EngineOptions;
  readonly #map: WebGlMap;
  readonly #incidents: SourceFeed;
  #palette = readPalette();
  readonly #units = new MarkLayer('units', this.#palette);
  readonly #sent = new MarkLayer('units-sent', this.#palette);
  #shownUnits = new Map<string, Mark>();
  #ready = false;
  /** What was asked for before the map could draw. */
  #waiting: (() => void)[] = [];
  #shaded: ReadonlyMap<string, number> = new Map();
  #heated = false;
  #ways: readonly Way[] = [];
  #names: Names;
  readonly #writtenNames = new Map<SourceName, Names['communities']>();
  #based = false;
  /** Counts up each time the base map is switched, and at the end. */
  #baseTurn = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#names = { subdistricts: options.ground.subdistrictLabels, communities: options.ground.communityLabels };
    this.#map = new WebGlMap({
      container: options.box,
      style: {
        version: 8,
        sources: Object.fromEntries(
          SOURCES.map((name) => [name, { type: 'geojson', data: NOTHING, ...(KEY_OF[name] ? { promoteId: KEY_OF[name] } : {}) }]),
        ),
        layers: layersFor(this.#palette),
      },
      bounds: asBounds(options.start),
      fitBoundsOptions: { padding: options.room },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      // A mark that fades in is one that is not there yet, and each fade is a frame to draw.
      fadeDuration: 0,
      maxZoom: MAX_ZOOM,
      minZoom: 8,
    });
    // Each picture is drawn when a tile first wants it: of the names most are out of sight.
    this.#map.setMissingStyleImageResolver((image) => {
      if (!this.#map.hasImage(image)) this.#map.addImage(image, this.#draw(image), { pixelRatio: PIXEL_RATIO });
    });
    this.#incidents = new SourceFeed(this.#map, 'incidents');
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#listen(this.#map, options);
  }

  #listen(map: WebGlMap, { ground, on, label }: EngineOptions): void {
    // Also when the graphics card has come back: layers of our own do not come back by themselves.
    map.on('style.load', () => {
      try {
        map.addLayer(this.#units, UNITS_UNDER.others);
        map.addLayer(this.#sent, UNITS_UNDER.sent);
      } catch {
        on.trouble('start');
      }
    });
    map.on('load', () => {
      const land = [this.#fill('district', ground.district), this.#fill('cells', ground.cells)];
      void this.#fill('communities', { type: 'Feature', properties: {}, geometry: ground.communities });
      void this.#fill('subdistricts', ground.subdistricts);
      this.#writeNames();
      this.#ready = true;
      for (const draw of this.#waiting.splice(0)) draw();
      // Until the worker has cut the cells into tiles there is nothing to be seen.
      void Promise.all(land).then(() => {
        map.once('render', () => on.ready());
        map.triggerRepaint();
      });
    });
    map.on('move', () => on.moved());
    map.on('click', ({ lngLat, point: { x, y } }) => {
      on.clicked({ lng: lngLat.lng, lat: lngLat.lat }, this.#at(x, y, REACH_PX));
    });
    map.on('mousemove', ({ point: { x, y } }) => {
      if (map.isMoving()) return;
      const { style } = map.getCanvas();
      if (style.cursor !== 'crosshair') style.cursor = this.#at(x, y, 0).length > 0 ? 'pointer' : '';
    });
    map.on('webglcontextlost', () => on.trouble('lost'));
    map.on('webglcontextrestored', () => on.trouble('back'));
    map.on('error', (event) => {
      if ('sourceId' in event && event.sourceId === 'base') on.trouble('tiles');
      else console.error(event.error);
    });
    const canvas = map.getCanvas();
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', label);
  }

  #whenReady(draw: () => void): void {
    if (this.#ready) draw();
    else this.#waiting.push(draw);
  }
  #fill(source: SourceName, data: GeoJSON.GeoJSON): Promise<void> {
    return (this.#map.getSource(source) as GeoJSONSource).setData(data);
  }

  setIncidents(marks: readonly Mark[]): Told {
    if (this.#ready) return this.#incidents.show(marks);
    this.#waiting.push(() => this.#incidents.show(marks));
    return NOTHING_TOLD;
  }
  setUnits(marks: readonly Mark[]): Told {
    const told = toldOf(differences(this.#shownUnits, marks));
    if (told.differing === 0) return told;
    this.#shownUnits = new Map(marks.map((mark) => [mark.key, mark]));
    this.#units.show(marks.filter((mark) => mark.rank < ABOVE_NAMES));
    this.#sent.show(marks.filter((mark) => mark.rank >= ABOVE_NAMES));
    return this.#ready ? told : NOTHING_TOLD;
  }

  /** What lies around a point, uppermost first. */
  #at(x: number, y: number, reachPx: number): Pick<Mark, 'key' | 'what'>[] {
    if (!this.#ready) return [];
    const around: [[number, number], [number, number]] = [
      [x - reachPx, y - reachPx],
      [x + reachPx, y + reachPx],
    ];
    const incidents = this.#map.queryRenderedFeatures(around, { layers: ['incidents'] });
    return [
      ...incidents.map(({ properties }) => ({ key: String(properties.key), what: properties.what as Mark['what'] })),
      ...this.#sent.at(x, y, reachPx),
      ...this.#units.at(x, y, reachPx),
    ];
  }

  setWays(ways: readonly Way[]): void {
    if (sameWays(ways, this.#ways)) return;
    this.#ways = ways;
    this.#whenReady(() => void this.#fill('ways', wayFeatures(ways)));
  }

  setShade(shade: GroundShade): void {
    this.#whenReady(() => {
      const counts = shade.as === 'load' ? shade.counts : new Map<string, number>();
      const tell = (code: string, open: number) => this.#map.setFeatureState({ source: 'cells', id: code }, { open });
      for (const code of this.#shaded.keys()) if (!counts.has(code)) tell(code, 0);
      for (const [code, open] of counts) if (this.#shaded.get(code) !== open) tell(code, open);
      this.#shaded = counts;
      // Each filling is work for the worker and a frame to draw: an empty layer is not emptied again.
      if (shade.as === 'heat' || this.#heated) void this.#fill('heat', shade.as === 'heat' ? heatFeatures(shade.points) : NOTHING);
      this.#heated = shade.as === 'heat';
    });
  }

  setHere(here: Here | null): void {
    const features = hereFeatures(this.#options.ground.cells.features, here);
    this.#whenReady(() => void this.#fill('here', features));
  }

  setBaseMap(on: boolean): void {
    const { baseMap } = this.#options;
    if (baseMap === null || on === this.#based) return;
    this.#based = on;
    const turn = ++this.#baseTurn;
    const wanted = () => turn === this.#baseTurn;
    this.#whenReady(() => {
      if (on) addBaseMap(this.#map, baseMap, this.#palette, 'load', wanted).catch(() => wanted() && this.#options.on.trouble('tiles'));
      else removeBaseMap(this.#map);
      this.#paint();
    });
  }

  redress(label: string): void {
    this.#map.getCanvas().setAttribute('aria-label', label);
    this.#whenReady(() => {
      this.#palette = readPalette();
      this.#paint();
      paintBaseMap(this.#map, this.#palette);
      for (const image of this.#map.listImages()) {
        // A name has another width in another language, so the old picture goes.
        if (codeOfName(image) !== null) this.#map.removeImage(image);
        else this.#map.updateImage(image, drawPicture(image, this.#palette));
      }
      this.#units.redress(this.#palette);
      this.#sent.redress(this.#palette);
      this.#writtenNames.clear();
      this.#writeNames();
    });
  }

  #paint(): void {
    for (const layer of layersFor(this.#palette, this.#based)) {
      for (const [key, value] of Object.entries(layer.paint ?? {})) this.#map.setPaintProperty(layer.id, key as never, value as never);
    }
  }

  setNames(names: Names): void {
    this.#names = names;
    this.#whenReady(() => this.#writeNames());
  }
  #draw(image: string): ImageData {
    const code = codeOfName(image);
    return code === null ? drawPicture(image, this.#palette) : placeImage(code, this.#options.nameOf, this.#palette);
  }
  #writeNames(): void {
    for (const [source, labels] of NAMES) {
      const names = this.#names[labels];
      if (this.#writtenNames.get(source) === names) continue;
      this.#writtenNames.set(source, names);
      void this.#fill(source, nameFeatures(names));
    }
  }

  fit(bounds: Bounds, { room, maxZoom, ms }: FitOptions): void {
    this.#map.fitBounds(asBounds(bounds), { padding: room, maxZoom, duration: ms });
  }
  goTo(at: LngLat, zoom: number, ms: number): void {
    this.#map.easeTo({ center: [at.lng, at.lat], zoom, duration: ms });
  }
  zoomBy(steps: 1 | -1, ms: number): void {
    if (steps > 0) this.#map.zoomIn({ duration: ms });
    else this.#map.zoomOut({ duration: ms });
  }
  zoom(): number {
    return this.#map.getZoom();
  }
  centre(): LngLat {
    const { lng, lat } = this.#map.getCenter();
    return { lng, lat };
  }
  project(at: LngLat): { x: number; y: number } {
    return this.#map.project([at.lng, at.lat]);
  }
  unproject(x: number, y: number): LngLat {
    const { lng, lat } = this.#map.unproject([x, y]);
    return { lng, lat };
  }
  setCursor(cursor: '' | 'crosshair'): void {
    this.#map.getCanvas().style.cursor = cursor;
  }
  destroy(): void {
    this.#baseTurn += 1;
    this.#map.remove();
  }
}
