/** The four level marks: shape, digit and colour together, because none of them alone is enough. One drawing for lists and maps. */
import type { Level } from './types.ts';

/** Outlines in a 24 × 24 box: ◆ R1, ▲ R2, ■ R3, ● R4. */
export const LEVEL_SHAPE: Readonly<Record<Level, string>> = {
  R1: 'M12 .8 23.2 12 12 23.2.8 12Z',
  R2: 'M12 1.6 23.4 22H.6Z',
  R3: 'M4.6 2.2h14.8a2.4 2.4 0 0 1 2.4 2.4v14.8a2.4 2.4 0 0 1-2.4 2.4H4.6a2.4 2.4 0 0 1-2.4-2.4V4.6a2.4 2.4 0 0 1 2.4-2.4Z',
  R4: 'M12 1.4a10.6 10.6 0 1 0 0 21.2 10.6 10.6 0 0 0 0-21.2Z',
};
const lower = (level: Level) => level.toLowerCase();
export const digitOf = (level: Level) => level.slice(1);
/** The triangle is widest below, so its digit sits lower and is a little smaller. */
export const digitY = (level: Level) => (level === 'R2' ? 19 : 16.4);
export const digitSize = (level: Level) => (level === 'R2' ? 11.5 : 12.5);

export interface MapMarkLook {
  readonly sizePx?: number;
  readonly late?: boolean;
  readonly selected?: boolean;
  /** Replaces the tokens where CSS variables cannot be read (a canvas, an image for MapLibre). */
  readonly colour?: (token: `--${string}`) => string;
}

/**
 * A mark for a map as SVG text: with a rim of the ground's colour, a plum rim when overdue, a halo when selected.
 * R2 and R3 get a dark outline of their own: their fills are too light against the ground.
 */
export function mapMarkSvg(level: Level, look: MapMarkLook = {}): string {
  const size = look.sizePx ?? 24;
  const colour = look.colour ?? ((name) => `var(${name})`);
  const l = lower(level);
  const shape = LEVEL_SHAPE[level];
  const pad = 14;
  const box = 24 + 2 * pad;
  const scaled = (size * box) / 24;
  const halo = look.selected
    ? `<circle cx="12" cy="12" r="24" fill="${colour(`--${l}`)}" opacity=".16"/><circle cx="12" cy="12" r="24" fill="none" stroke="${colour(`--${l}-text`)}" stroke-width="1.8"/>`
    : '';
  const late = look.late ? `<path d="${shape}" fill="none" stroke="${colour('--late')}" stroke-width="8" stroke-linejoin="round"/>` : '';
  const outline =
    level === 'R2' || level === 'R3'
      ? `<path d="${shape}" fill="none" stroke="${colour(`--on-${l}`)}" stroke-width=".9" opacity=".7"/>`
      : '';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${scaled}" height="${scaled}" viewBox="${-pad} ${-pad} ${box} ${box}" aria-hidden="true">` +
    `${halo}${late}<path d="${shape}" fill="${colour(`--${l}`)}" stroke="${colour('--map-case')}" stroke-width="3.4" stroke-linejoin="round" paint-order="stroke"/>${outline}` +
    `<text x="12" y="${digitY(level)}" text-anchor="middle" font-family="sans-serif" font-size="${digitSize(level)}" font-weight="700" fill="${colour(`--on-${l}`)}">${digitOf(level)}</text></svg>`
  );
}
