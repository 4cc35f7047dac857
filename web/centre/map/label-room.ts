/** Where labels find room beside the points that they name, so that none lies over another. Pure. */

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

/**
 * Right of the point, else left, below, above; null where all four are taken: no label is better than two that cannot be read.
 *
 * @param labels the most wanted first.
 * @param marks what no label may cover.
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

export const boxAround = (x: number, y: number, side: number): Box => ({
  left: x - side / 2,
  top: y - side / 2,
  width: side,
  height: side,
});
