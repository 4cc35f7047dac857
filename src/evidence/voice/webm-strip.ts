/**
 * A WebM voice note without what it says of its recorder: tags, titles, dates, names of programs, files beside it. Each such element becomes an empty
 * one (Void, RFC 8794 §11.3.2) of its size, so that nothing moves and every position in the file stays true. Pure.
 */
import { elements, ID, NotWebm, textOf } from './webm.ts';

const OPUS = 'A_OPUS';
const VOID = 0xec;

/** What a player needs (RFC 9559); whatever else is there, also what is not known yet, goes. */
const NEEDED: ReadonlySet<number> = new Set([
  // The head of the file: versions and kind.
  ...[0x4286, 0x42f7, 0x42f2, 0x42f3, ID.docType, 0x4287, 0x4285],
  // Where things stand, as numbers; how long it is.
  ...[0x114d9b74, 0x1c53bb6b, ID.timestampScale, 0x4489],
  // The track: number, kind, codec and how to begin it; rate, channels and depth of the sound.
  ...[0xd7, 0x73c5, ID.trackType, 0xb9, 0x88, 0x9c, 0x23e383, ID.codec, 0x63a2, 0x56aa, 0x56bb, 0x6d80, 0xb5, 0x78b5, 0x9f, 0x6264],
  // The sound itself.
  ...[ID.clusterTime, ID.simpleBlock, ID.block, 0xa7, 0xab, 0x9b, 0xfb, 0x75a2],
]);

/**
 * @param file  one that `webmDurationMs` can read.
 * @returns a copy of the same length; null for any codec but Opus: Vorbis keeps words of the recorder among what its decoder needs.
 */
export function stripWebm(file: Uint8Array): Uint8Array | null {
  const out = file.slice();
  try {
    for (const { id, at, body, end, holds } of elements(file)) {
      if (id === ID.codec && textOf(file, body, end) !== OPUS) return null;
      if (!holds && !NEEDED.has(id)) empty(out, at, end);
    }
    return out;
  } catch (error) {
    if (error instanceof NotWebm) return null;
    throw error;
  }
}

/** The size in one byte as long as it fits there; all bits set would say that it is open. */
function empty(out: Uint8Array, at: number, end: number): void {
  out.fill(0, at, end);
  out[at] = VOID;
  const short = end - at - 2;
  if (short < 0x7f) {
    out[at + 1] = 0x80 | short;
    return;
  }
  out[at + 1] = 0x01;
  new DataView(out.buffer, out.byteOffset).setUint32(at + 5, end - at - 9);
}
