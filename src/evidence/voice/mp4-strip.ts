/**
 * An MP4 voice note without what it says of its recorder: the place where it was made (`©xyz`), dates, names. A box that no player needs becomes a
 * free one of its size (ISO/IEC 14496-12 §8.1.2), so that nothing moves and every position in the file stays true. Pure.
 */
import { type Box, holdsBoxes, NotMp4, walk } from './mp4.ts';

/** Leaves that a player needs; whatever else is there, also what is not known yet, goes. */
const NEEDED: ReadonlySet<string> = new Set([
  ...['ftyp', 'styp', 'mdat', 'sidx', 'tfra', 'mfro'],
  ...['mvhd', 'tkhd', 'elst', 'mdhd', 'hdlr', 'smhd', 'dref', 'trex', 'mehd', 'mfhd', 'tfhd', 'tfdt', 'trun'],
  ...['stsd', 'stts', 'stsc', 'stsz', 'stz2', 'stco', 'co64', 'stss', 'ctts', 'cslg', 'sdtp', 'sgpd', 'sbgp', 'saiz', 'saio'],
]);
/** They begin with when they were made and changed, in four bytes each, or eight in version 1. */
const DATED: ReadonlySet<string> = new Set(['mvhd', 'tkhd', 'mdhd']);
/** In `hdlr`: who wrote it, and its name, after the kind of the track. */
const HANDLER_SAYS_AT = 12;

/** @param file  one that `mp4DurationMs` can read. @returns a copy of the same length; null when it is broken. */
export function stripMp4(file: Uint8Array): Uint8Array | null {
  const out = file.slice();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    for (const box of walk(view, 0, view.byteLength)) {
      if (holdsBoxes(box.type)) continue;
      if (!NEEDED.has(box.type)) free(out, box);
      if (DATED.has(box.type)) clear(out, box.body + 4, box.body + (view.getUint8(box.body) === 1 ? 20 : 12), box.end);
      if (box.type === 'hdlr') clear(out, box.body + HANDLER_SAYS_AT, box.end, box.end);
    }
    return out;
  } catch (error) {
    if (error instanceof NotMp4 || error instanceof RangeError) return null;
    throw error;
  }
}

function free(out: Uint8Array, { at, body, end }: Box): void {
  out.set([0x66, 0x72, 0x65, 0x65], at + 4);
  out.fill(0, body, end);
}

const clear = (out: Uint8Array, from: number, to: number, end: number) => out.fill(0, Math.min(from, end), Math.min(to, end));
