/** The tokens that the map draws with, read anew when the theme changes: WebGL knows no CSS variables. */
import { token } from '../../shared/theme.ts';

const NAMES = [
  'map-out',
  'map-land',
  'map-cell',
  'map-community',
  'map-sub',
  'map-label',
  'map-halo',
  'map-case',
  'map-unit',
  'map-route',
  'map-me',
  'accent',
  'late',
  'near',
  'load-1',
  'load-2',
  'load-3',
  'load-4',
  'r1',
  'r2',
  'r3',
  'r4',
  'on-r1',
  'on-r2',
  'on-r3',
  'on-r4',
  'r1-text',
  'r2-text',
  'r3-text',
  'r4-text',
] as const;
export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

export function readPalette(): Palette {
  return Object.fromEntries(NAMES.map((name) => [name, token(`--${name}`)])) as Palette;
}
