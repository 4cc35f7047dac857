/** Which rows of a long list are drawn: those in view and some beside them. Pure. */

export interface ListShape {
  /** Rows of each section, in order; each section has a heading. */
  readonly counts: readonly number[];
  readonly rowPx: number;
  readonly headPx: number;
}
export interface SectionWindow {
  /** First row that is drawn, and the one after the last. */
  readonly first: number;
  readonly last: number;
  /** Heights that stand for the rows before and after them, CSS px. */
  readonly above: number;
  readonly below: number;
}

/** Rows drawn beyond each edge: what a quick turn of the wheel passes before the next frame. */
const BESIDE = 8;

/** @param top  how far the list is scrolled; @param height of what is seen of it, CSS px. */
export function windowOf({ counts, rowPx, headPx }: ListShape, top: number, height: number): SectionWindow[] {
  let start = 0;
  return counts.map((count) => {
    const rowsFrom = start + headPx;
    start = rowsFrom + count * rowPx;
    const clamp = (row: number) => Math.min(count, Math.max(0, row));
    const first = clamp(Math.floor((top - rowsFrom) / rowPx) - BESIDE);
    const last = Math.max(first, clamp(Math.ceil((top + height - rowsFrom) / rowPx) + BESIDE));
    return { first, last, above: first * rowPx, below: (count - last) * rowPx };
  });
}

/** Where to scroll so that a row is in view, below its section's heading; null where it is already. */
export function scrollTo({ counts, rowPx, headPx }: ListShape, section: number, row: number, top: number, height: number): number | null {
  const before = counts.slice(0, section).reduce((sum, count) => sum + headPx + count * rowPx, 0);
  const from = before + headPx + row * rowPx;
  if (from - headPx < top) return from - headPx;
  return from + rowPx > top + height ? from + rowPx - height : null;
}
