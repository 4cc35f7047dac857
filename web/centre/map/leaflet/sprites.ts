/** One canvas with every mark on it: thousands of elements in the page would be what makes an old computer slow. */
import type { Map as LeafletMap } from 'leaflet';
import { leaflet } from '../../../shared/map-library.ts';
import { overlap, type Box } from '../label-room.ts';
import { PIXEL_RATIO } from '../pictures.ts';
import type { LngLat } from '../scene.ts';

export interface Sprite {
  readonly key: string;
  readonly what: 'incident' | 'cluster' | 'unit' | 'name';
  readonly image: string;
  readonly position: LngLat;
  readonly rank: number;
}

/** Part of the view drawn beyond each edge, so that a drag shows no bare rim at once. */
const MARGIN = 0.25;
const PANE = 'marks';
/** Half a mark at its largest, CSS px: what lies further outside is not drawn. */
const EDGE_PX = 60;
const REACH_PX = 8;

export class Sprites {
  readonly #map: LeafletMap;
  readonly #canvas: HTMLCanvasElement;
  readonly #picture: (image: string) => ImageData;
  readonly #pictures = new Map<string, HTMLCanvasElement>();
  #groups = new Map<string, readonly Sprite[]>();
  #frame = 0;

  /** @param picture  draws what has a name; asked once for each, until `forget`. */
  constructor(map: LeafletMap, picture: (image: string) => ImageData) {
    this.#map = map;
    this.#picture = picture;
    const pane = map.createPane(PANE);
    pane.style.zIndex = '450';
    pane.style.pointerEvents = 'none';
    this.#canvas = leaflet.DomUtil.create('canvas', '', pane);
    map.on('moveend zoomend resize viewreset', () => this.draw());
  }

  /** @param group  what belongs together is replaced together. */
  set(group: string, sprites: readonly Sprite[]): void {
    this.#groups.set(group, sprites);
    this.soon();
  }

  forget(): void {
    this.#pictures.clear();
    this.soon();
  }

  /** Several changes of one moment are drawn once. */
  soon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.draw());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  draw(): void {
    const size = this.#map.getSize();
    const [mx, my] = [size.x * MARGIN, size.y * MARGIN];
    const corner = this.#map.containerPointToLayerPoint([-mx, -my]);
    const [width, height] = [size.x + 2 * mx, size.y + 2 * my];
    leaflet.DomUtil.setPosition(this.#canvas, corner);
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.ceil(width * ratio);
    this.#canvas.height = Math.ceil(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    const g = this.#canvas.getContext('2d')!;
    g.scale(ratio, ratio);
    const names: Box[] = [];
    for (const sprite of this.#ordered()) {
      const { x, y } = this.#map.latLngToLayerPoint([sprite.position.lat, sprite.position.lng]).subtract(corner);
      if (x < -EDGE_PX || y < -EDGE_PX || x > width + EDGE_PX || y > height + EDGE_PX) continue;
      const picture = this.#pictureOf(sprite.image);
      const scale = this.#scaleOf(sprite) / PIXEL_RATIO;
      const [w, h] = [picture.width * scale, picture.height * scale];
      if (sprite.what === 'name') {
        const box = { left: x - w / 2, top: y - h / 2, width: w, height: h };
        if (names.some((other) => overlap(other, box))) continue;
        names.push(box);
      }
      g.drawImage(picture, x - w / 2, y - h / 2, w, h);
    }
  }

  /** What lies at a point of the view, uppermost first. */
  at(x: number, y: number): Sprite[] {
    return this.#ordered()
      .reverse()
      .filter((sprite) => {
        if (sprite.what === 'name') return false;
        const point = this.#map.latLngToContainerPoint([sprite.position.lat, sprite.position.lng]);
        const picture = this.#pictureOf(sprite.image);
        // The mark fills the middle half of its picture; the rest is room for rim and ring. A cluster's fills all of it.
        const part = sprite.what === 'cluster' ? 1 : 0.5;
        const scale = (this.#scaleOf(sprite) * part) / PIXEL_RATIO / 2;
        return Math.abs(point.x - x) <= picture.width * scale + REACH_PX && Math.abs(point.y - y) <= picture.height * scale + REACH_PX;
      });
  }

  #ordered(): Sprite[] {
    return [...this.#groups.values()].flat().sort((a, b) => LAYER[a.what] - LAYER[b.what] || a.rank - b.rank);
  }

  /** As MapLibre's layers do: small from afar, except what is to be read. */
  #scaleOf({ what }: Sprite): number {
    if (what === 'cluster' || what === 'name') return 1;
    const zoom = this.#map.getZoom() - 1;
    return Math.min(1, Math.max(0.72, 0.72 + (0.28 * (zoom - 9)) / 3.5));
  }

  #pictureOf(image: string): HTMLCanvasElement {
    const known = this.#pictures.get(image);
    if (known) return known;
    const data = this.#picture(image);
    const canvas = document.createElement('canvas');
    canvas.width = data.width;
    canvas.height = data.height;
    canvas.getContext('2d')!.putImageData(data, 0, 0);
    this.#pictures.set(image, canvas);
    return canvas;
  }
}

const LAYER: Readonly<Record<Sprite['what'], number>> = { name: 0, unit: 1, cluster: 2, incident: 2 };
