/** Where labels find room beside the points that they name, and names of places aside of the marks, so that none lies over another. Pure. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
/** A label and the point it names, CSS px on the map. */
export interface WantedLabel {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** From the point to the nearest edge of its label: half the mark that stands there, and a gap. */
  readonly clear: number;
}
/** From the point to the middle of its label. */
export interface LabelOffset {
  readonly dx: number;
  readonly dy: number;
}

export const overlap = (a: Box, b: Box) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/** What lies beyond the map's edges, as boxes: words that would be cut off there give way to them as to marks. */
export function beyond({ width, height }: { readonly width: number; readonly height: number }): Box[] {
  return [
    { left: -width, top: -height, width, height: 3 * height },
    { left: width, top: -height, width, height: 3 * height },
    { left: -width, top: -height, width: 3 * width, height },
    { left: -width, top: height, width: 3 * width, height },
  ];
}

/**
 * Right of the point, else left, below, above; null where all four are taken: no label is better than two that cannot be read.
 *
 * @param labels the most wanted first.
 * @param marks what no label may cover, `beyond` the edges among it.
 */
export function roomForLabels(labels: readonly WantedLabel[], marks: readonly Box[]): (LabelOffset | null)[] {
  const taken = [...marks];
  return labels.map(({ x, y, width, height, clear }) => {
    const [beside, under] = [clear + width / 2, clear + height / 2];
    const sides: readonly LabelOffset[] = [
      { dx: beside, dy: 0 },
      { dx: -beside, dy: 0 },
      { dx: 0, dy: under },
      { dx: 0, dy: -under },
    ];
    for (const side of sides) {
      const box = { left: x + side.dx - width / 2, top: y + side.dy - height / 2, width, height };
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return side;
    }
    return null;
  });
}

/** The box whose middle is a point. */
export const boxOn = (x: number, y: number, width: number, height: number): Box => ({
  left: x - width / 2,
  top: y - height / 2,
  width,
  height,
});
export const sameBox = (a: Box, b: Box) => a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
export const boxAround = (x: number, y: number, side: number): Box => boxOn(x, y, side, side);

/** The name of a place and the point it belongs to, CSS px on the map. */
export interface WantedName {
  readonly code: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** How far a name may go aside, in its own width and height, the nearest first. [ours] Further off it would name its neighbour. */
const ASIDE: readonly (readonly [across: number, down: number])[] = [
  [0, 0],
  [0, -0.9],
  [0, 0.9],
  [-0.5, 0],
  [0.5, 0],
  [-0.5, -0.9],
  [0.5, -0.9],
  [-0.5, 0.9],
  [0.5, 0.9],
  [0, -1.7],
  [0, 1.7],
];

/**
 * Where each name of a place is written: at its point, or a little aside where no mark covers it.
 *
 * A name is never left out, because it says where one is: without room it goes where the fewest marks lie on it. One that still has room stays, or
 * names would hop about while marks come and go.
 *
 * @param marks  what a name gives way to: marks that do not move, labels of units, what is `beyond` the edges.
 * @param kept  offsets of the last time, by code; empty after a change of zoom, which makes all anew.
 */
export function roomForNames(
  names: readonly WantedName[],
  marks: readonly Box[],
  kept: ReadonlyMap<string, LabelOffset>,
): Map<string, LabelOffset> {
  const boxOf = ({ x, y, width, height }: WantedName, { dx, dy }: LabelOffset): Box => ({
    left: x + dx - width / 2,
    top: y + dy - height / 2,
    width,
    height,
  });
  const written = new Map(names.map((name) => [name.code, boxOf(name, kept.get(name.code) ?? NO_OFFSET)]));
  const marksOn = (name: WantedName, offset: LabelOffset): number => {
    const box = boxOf(name, offset);
    return marks.reduce((sum, mark) => sum + Number(overlap(box, mark)), 0);
  };
  // At its own point a name may meet a neighbour: which of the two is left out from afar is the engine's to say.
  const meetsNone = (name: WantedName, offset: LabelOffset): boolean =>
    (offset.dx === 0 && offset.dy === 0) ||
    [...written].every(([code, other]) => code === name.code || !overlap(boxOf(name, offset), other));
  return new Map(
    names.map((name) => {
      const now = kept.get(name.code) ?? NO_OFFSET;
      const tries = ASIDE.map(([across, down]) => ({ dx: across * name.width, dy: down * name.height }));
      let [offset, fewest] = [now, marksOn(name, now)];
      for (const one of tries) {
        if (fewest === 0) break;
        const count = marksOn(name, one);
        if (count < fewest && meetsNone(name, one)) [offset, fewest] = [one, count];
      }
      written.set(name.code, boxOf(name, offset));
      return [name.code, offset];
    }),
  );
}
const NO_OFFSET: LabelOffset = { dx: 0, dy: 0 };
