/** A file from outside as a voice note: which container by its first bytes, one track of sound and nothing else, and how long. Pure. */
import { mp4DurationMs } from './mp4.ts';
import { oggDurationMs } from './ogg.ts';
import { webmDurationMs } from './webm.ts';

export type SoundType = 'webm' | 'ogg' | 'mp4';

export interface Sound {
  readonly type: SoundType;
  readonly durationMs: number;
}

/** What recorders of browsers make; the declared type is the sender's word. */
const CONTAINERS: readonly {
  readonly type: SoundType;
  readonly at: number;
  readonly begins: string;
  durationMs(file: Uint8Array): number | null;
}[] = [
  { type: 'webm', at: 0, begins: '\x1a\x45\xdf\xa3', durationMs: webmDurationMs },
  { type: 'ogg', at: 0, begins: 'OggS', durationMs: oggDurationMs },
  { type: 'mp4', at: 4, begins: 'ftyp', durationMs: mp4DurationMs },
];

/** Whether the file begins as one of the containers that are taken. */
export const isSoundFile = (file: Uint8Array): boolean => containerOf(file) !== undefined;

/** @returns null when the file is none of them, is cut off, or holds anything but one track of sound. */
export function readSound(file: Uint8Array): Sound | null {
  const container = containerOf(file);
  const durationMs = container?.durationMs(file) ?? null;
  return container === undefined || durationMs === null ? null : { type: container.type, durationMs };
}

const containerOf = (file: Uint8Array) =>
  CONTAINERS.find(({ at, begins }) => String.fromCharCode(...file.subarray(at, at + begins.length)) === begins);
