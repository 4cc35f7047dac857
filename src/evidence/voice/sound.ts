/** A file from outside as a voice note: which container by its first bytes, one track of sound and nothing else, how long, and without what its recorder wrote beside the sound. Pure. */
import { stripMp4 } from './mp4-strip.ts';
import { mp4DurationMs } from './mp4.ts';
import { stripOgg } from './ogg-strip.ts';
import { oggDurationMs } from './ogg.ts';
import { stripWebm } from './webm-strip.ts';
import { webmDurationMs } from './webm.ts';

export type SoundType = 'webm' | 'ogg' | 'mp4';

export interface Sound {
  readonly type: SoundType;
  readonly durationMs: number;
  /** The sound alone, as long as the file was: no tags, places, dates or names of devices. */
  readonly bytes: Uint8Array;
}

/** What recorders of browsers make; the declared type is the sender's word. */
const CONTAINERS: readonly {
  readonly type: SoundType;
  readonly at: number;
  readonly begins: string;
  durationMs(file: Uint8Array): number | null;
  strip(file: Uint8Array): Uint8Array | null;
}[] = [
  { type: 'webm', at: 0, begins: '\x1a\x45\xdf\xa3', durationMs: webmDurationMs, strip: stripWebm },
  { type: 'ogg', at: 0, begins: 'OggS', durationMs: oggDurationMs, strip: stripOgg },
  { type: 'mp4', at: 4, begins: 'ftyp', durationMs: mp4DurationMs, strip: stripMp4 },
];

/** Whether the file begins as one of the containers that are taken. */
export const isSoundFile = (file: Uint8Array): boolean => containerOf(file) !== undefined;

/** @returns null when the file is none of them, is cut off, holds anything but one track of sound, or cannot be freed of what was written beside it. */
export function readSound(file: Uint8Array): Sound | null {
  const container = containerOf(file);
  const durationMs = container?.durationMs(file) ?? null;
  if (container === undefined || durationMs === null) return null;
  const bytes = container.strip(file);
  return bytes === null ? null : { type: container.type, durationMs, bytes };
}

const containerOf = (file: Uint8Array) =>
  CONTAINERS.find(({ at, begins }) => String.fromCharCode(...file.subarray(at, at + begins.length)) === begins);
