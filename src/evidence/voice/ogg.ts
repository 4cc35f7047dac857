/** How long an Ogg file with one stream of Opus plays (RFC 3533 pages, RFC 7845 Opus in Ogg). Pure. */

const PAGE = 'OggS';
const HEAD = 'OpusHead';
const HEADER_BYTES = 27;
/** Granules of Opus are samples at 48 kHz, whatever was recorded. */
const GRANULES_PER_MS = 48;
/** A page on which no packet ends has no position. */
const NO_POSITION = 0xffff_ffff_ffff_ffffn;

export class NotOgg extends Error {}

export interface OggPage {
  readonly at: number;
  readonly end: number;
  readonly body: number;
  /** Lengths of what lies in it; a packet goes on over each of 255. */
  readonly segments: Uint8Array;
}

/** @returns null when the pages do not follow one another to the end, or hold another stream. */
export function oggDurationMs(file: Uint8Array): number | null {
  try {
    return read(file);
  } catch (error) {
    if (error instanceof NotOgg) return null;
    throw error;
  }
}

function read(file: Uint8Array): number | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let stream: number | null = null;
  let preSkip = 0;
  let last = 0n;
  for (const { at, body, end } of pages(file)) {
    const serial = view.getUint32(at + 14, true);
    if (stream === null) {
      if (textAt(file, body, 8) !== HEAD || end - body < 19) return null;
      stream = serial;
      preSkip = view.getUint16(body + 10, true);
    } else if (serial !== stream) return null;
    const position = view.getBigUint64(at + 6, true);
    if (position !== NO_POSITION && position > last) last = position;
  }
  return stream === null ? null : Math.max(0, Math.round((Number(last) - preSkip) / GRANULES_PER_MS));
}

/** @throws NotOgg where one is broken or cut off. */
export function* pages(file: Uint8Array): Generator<OggPage> {
  for (let at = 0; at < file.length;) {
    if (at + HEADER_BYTES > file.length || textAt(file, at, 4) !== PAGE) throw new NotOgg();
    const body = at + HEADER_BYTES + file[at + 26]!;
    if (body > file.length) throw new NotOgg();
    const segments = file.subarray(at + HEADER_BYTES, body);
    const end = body + segments.reduce((sum, bytes) => sum + bytes, 0);
    if (end > file.length) throw new NotOgg();
    yield { at, body, end, segments };
    at = end;
  }
}

export const textAt = (file: Uint8Array, at: number, length: number) => String.fromCharCode(...file.subarray(at, at + length));
