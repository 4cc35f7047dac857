/**
 * Marks that move, as a layer of our own on MapLibre's map. As a source they would be sent to the worker, cut into tiles and placed against each other
 * each second; here a second's movement is one small buffer, and nothing stands in line for it.
 */
import { MercatorCoordinate, type CustomLayerInterface, type Map as WebGlMap } from 'maplibre-gl';
import type { Palette } from '../palette.ts';
import { drawPicture, PIXEL_RATIO } from '../pictures.ts';
import { leastScale, markScale, sizeByZoom, type Mark } from '../scene.ts';

/** Pixels of the world at zoom 0. */
const WORLD_PX = 512;
/** Side of a place for one picture, and how many places a side of the texture has. A unit has some twenty pictures, none larger. */
const PLACE_PX = 96;
const PLACES = 6;
const TEXTURE_PX = PLACE_PX * PLACES;
/** Of an instance: its place (2), its picture's corner and size in the texture (4), its size on the map, its least scale. */
const FLOATS = 8;
const BYTES = 4;
const ATTRIBUTES = [
  ['a_at', 2],
  ['a_picture', 4],
  ['a_size', 1],
  ['a_least', 1],
] as const;

/** Places are told from a point near by: a float has seven digits, which in the whole world's coordinates would be two metres. */
const VERTEX = `#version 300 es
in vec2 a_at;
in vec4 a_picture;
in float a_size;
in float a_least;
uniform vec2 u_centre;
uniform vec2 u_half;
uniform float u_world;
uniform float u_grown;
out vec2 v_texel;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  float size = a_size * mix(a_least, 1.0, u_grown);
  vec2 px = (a_at - u_centre) * u_world + (corner - 0.5) * size;
  gl_Position = vec4(px.x / u_half.x, -px.y / u_half.y, 0.0, 1.0);
  v_texel = (a_picture.xy + corner * a_picture.zw) / ${TEXTURE_PX}.0;
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 v_texel;
uniform sampler2D u_pictures;
out vec4 colour;
void main() {
  colour = texture(u_pictures, v_texel);
}`;

/** What lives on the graphics card; made anew after it was lost. */
interface Card {
  readonly program: WebGLProgram;
  readonly array: WebGLVertexArrayObject;
  readonly buffer: WebGLBuffer;
  readonly texture: WebGLTexture;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}
interface Place {
  readonly image: string;
  readonly left: number;
  readonly top: number;
  /** Of the picture, pixels: it is square. */
  readonly side: number;
}

export class MarkLayer implements CustomLayerInterface {
  readonly id: string;
  readonly type = 'custom';
  readonly renderingMode = '2d';
  #palette: Palette;
  #marks: readonly Mark[] = [];
  /** In the coordinates of the world, 0 to 1, less those of the first mark. */
  #places = new Float32Array(0);
  #from = { x: 0, y: 0 };
  readonly #pictures = new Map<string, Place>();
  #drawn: { readonly place: Place; readonly data: ImageData }[] = [];
  #moved = false;
  #map: WebGlMap | null = null;
  #card: Card | null = null;

  constructor(id: string, palette: Palette) {
    this.id = id;
    this.#palette = palette;
  }

  /** @param marks  all of them; drawn by rank, the highest last. */
  show(marks: readonly Mark[]): void {
    this.#marks = [...marks].sort((a, b) => a.rank - b.rank);
    const first = this.#marks[0];
    if (first) this.#from = MercatorCoordinate.fromLngLat(first.position);
    const places = new Float32Array(this.#marks.length * FLOATS);
    this.#marks.forEach((mark, i) => {
      const { x, y } = MercatorCoordinate.fromLngLat(mark.position);
      const { left, top, side } = this.#pictureOf(mark.image);
      places.set([x - this.#from.x, y - this.#from.y, left, top, side, side, side / PIXEL_RATIO, leastScale(mark)], i * FLOATS);
    });
    this.#places = places;
    this.#moved = true;
    this.#map?.triggerRepaint();
  }

  /** Another theme: every picture in its new colours. */
  redress(palette: Palette): void {
    this.#palette = palette;
    this.#drawn = [...this.#pictures.values()].map((place) => ({ place, data: drawPicture(place.image, palette) }));
    this.#map?.triggerRepaint();
  }

  /** What lies at a point of the view, uppermost first. @param reachPx  around the point, CSS px. */
  at(x: number, y: number, reachPx: number): Mark[] {
    const map = this.#map;
    if (!map) return [];
    const { centre, world, half } = viewOf(map);
    const zoom = map.getZoom();
    return this.#marks
      .filter((mark, i) => {
        const [east, south] = [this.#places[i * FLOATS]!, this.#places[i * FLOATS + 1]!];
        const px = (east + this.#from.x - centre.x) * world + half.x;
        const py = (south + this.#from.y - centre.y) * world + half.y;
        // The mark fills the middle half of its picture; the rest is room for rim and ring.
        const reach = (this.#places[i * FLOATS + 6]! * markScale(mark, zoom)) / 4 + reachPx;
        return Math.abs(px - x) <= reach && Math.abs(py - y) <= reach;
      })
      .reverse();
  }

  /** @throws RangeError when there are more kinds of pictures than places: then it is no layer for them. */
  #pictureOf(image: string): Place {
    const known = this.#pictures.get(image);
    if (known) return known;
    const n = this.#pictures.size;
    const data = drawPicture(image, this.#palette);
    if (n >= PLACES ** 2 || data.width > PLACE_PX) throw new RangeError(`no place is left for the picture ${image}`);
    const place = { image, left: (n % PLACES) * PLACE_PX, top: Math.floor(n / PLACES) * PLACE_PX, side: data.width };
    this.#pictures.set(image, place);
    this.#drawn.push({ place, data });
    return place;
  }

  /** @throws Error when the program does not compile: then this is no card to draw with. */
  onAdd(map: WebGlMap, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#card = cardOf(gl);
    this.#moved = true;
    this.redress(this.#palette);
  }
  onRemove(_map: WebGlMap, gl: WebGL2RenderingContext): void {
    if (this.#card) {
      gl.deleteProgram(this.#card.program);
      gl.deleteBuffer(this.#card.buffer);
      gl.deleteTexture(this.#card.texture);
      gl.deleteVertexArray(this.#card.array);
    }
    this.#card = null;
    this.#map = null;
  }

  render(gl: WebGL2RenderingContext): void {
    const card = this.#card;
    if (!card || !this.#map || this.#marks.length === 0) return;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, card.texture);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    // MapLibre blends colours that carry their opacity already.
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    for (const { place, data } of this.#drawn.splice(0)) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, place.left, place.top, gl.RGBA, gl.UNSIGNED_BYTE, data);
    }
    gl.bindVertexArray(card.array);
    if (this.#moved) {
      gl.bindBuffer(gl.ARRAY_BUFFER, card.buffer);
      gl.bufferData(gl.ARRAY_BUFFER, this.#places, gl.DYNAMIC_DRAW);
      this.#moved = false;
    }
    const { centre, world, half } = viewOf(this.#map);
    gl.useProgram(card.program);
    gl.uniform2f(card.uniform('u_centre'), centre.x - this.#from.x, centre.y - this.#from.y);
    gl.uniform2f(card.uniform('u_half'), half.x, half.y);
    gl.uniform1f(card.uniform('u_world'), world);
    gl.uniform1f(card.uniform('u_grown'), sizeByZoom(this.#map.getZoom()));
    gl.uniform1i(card.uniform('u_pictures'), 0);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.#marks.length);
    gl.bindVertexArray(null);
  }
}

/** The map is never turned or tilted, so its middle, its zoom and its size say where everything is. */
function viewOf(map: WebGlMap) {
  const { clientWidth, clientHeight } = map.getContainer();
  return {
    centre: MercatorCoordinate.fromLngLat(map.getCenter()),
    world: WORLD_PX * 2 ** map.getZoom(),
    half: { x: clientWidth / 2, y: clientHeight / 2 },
  };
}

function cardOf(gl: WebGL2RenderingContext): Card {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`the marks cannot be drawn: ${gl.getProgramInfoLog(program)}`);

  const array = gl.createVertexArray();
  const buffer = gl.createBuffer();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  let offset = 0;
  for (const [name, floats] of ATTRIBUTES) {
    const at = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, floats, gl.FLOAT, false, FLOATS * BYTES, offset * BYTES);
    gl.vertexAttribDivisor(at, 1);
    offset += floats;
  }
  gl.bindVertexArray(null);

  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, TEXTURE_PX, TEXTURE_PX, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
  const places = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
    return places.get(name) ?? null;
  };
  return { program, array, buffer, texture, uniform };
}
