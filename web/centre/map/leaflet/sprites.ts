/** One canvas with every mark on it: thousands of elements in the page would be what makes an old computer slow. */
import type { Map as LeafletMap } from 'leaflet';
import { leaflet } from '../../../shared/map-library.ts';
import { overlap, type Box } from '../label-room.ts';
import { PIXEL_RATIO } from '../pictures.ts';
import { markScale, type LngLat } from '../scene.ts';

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
/** Each number of a cluster is a picture. Past so many all are drawn anew as they are needed. */
const KEPT_PICTURES = 500;
/** From the ground up. */
const GROUPS = ['units', 'names', 'sent', 'incidents'] as const;
export type Group = (typeof GROUPS)[number];

export class Sprites {
  readonly #map: LeafletMap;
  readonly #canvas: HTMLCanvasElement;
  readonly #picture: (image: string) => ImageData;
  readonly #pictures = new Map<string, HTMLCanvasElement>();
  /** Of each group the highest rank last. */
  readonly #groups = new Map<Group, readonly Sprite[]>();
  #frame = 0;

  /** @param picture  draws what has a name; asked once for each, until `forget`. */
  constructor(map: LeafletMap, picture: (image: string) => ImageData) {
    this.#map = map;
    this.#picture = picture;
    const pane = map.createPane(PANE);
    pane.style.zIndex = '450';
    pane.style.pointerEvents = 'none';
    this.#canvas = leaflet.DomUtil.create('canvas', '', pane);
    // A change of zoom ends with a move, too.
    map.on('moveend resize', () => this.draw());
  }

  /** @param group  what belongs together is replaced together. */
  set(group: Group, sprites: readonly Sprite[]): void {
    this.#groups.set(
      group,
      [...sprites].sort((a, b) => a.rank - b.rank),
    );
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
    const g = this.#emptied(width, height);
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

  /** The canvas in its size, with nothing on it. A canvas that is given a size is made anew, so that is done only when it has another. */
  #emptied(width: number, height: number): CanvasRenderingContext2D {
    const ratio = devicePixelRatio || 1;
    const [across, down] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    const g = this.#canvas.getContext('2d')!;
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across;
      this.#canvas.height = down;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, across, down);
    g.scale(ratio, ratio);
    return g;
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
    return GROUPS.flatMap((group) => this.#groups.get(group) ?? []);
  }

  #scaleOf({ what, rank }: Sprite): number {
    // Leaflet counts zooms on a world of 256 px.
    return what === 'name' ? 1 : markScale({ what, rank }, this.#map.getZoom() - 1);
  }

  #pictureOf(image: string): HTMLCanvasElement {
    const known = this.#pictures.get(image);
    if (known) return known;
    if (this.#pictures.size >= KEPT_PICTURES) this.#pictures.clear();
    const data = this.#picture(image);
    const canvas = document.createElement('canvas');
    canvas.width = data.width;
    canvas.height = data.height;
    canvas.getContext('2d')!.putImageData(data, 0, 0);
    this.#pictures.set(image, canvas);
    return canvas;
  }
}
