/** How long an Ogg file with one stream of Opus plays (RFC 3533 pages, RFC 7845 Opus in Ogg). Pure. */

const PAGE = 'OggS';
const HEAD = 'OpusHead';
const HEADER_BYTES = 27;
/** Granules of Opus are samples at 48 kHz, whatever was recorded. */
const GRANULES_PER_MS = 48;
/** A page on which no packet ends has no position. */
const NO_POSITION = 0xffff_ffff_ffff_ffffn;

/** @returns null when the pages do not follow one another to the end, or hold another stream. */
export function oggDurationMs(file: Uint8Array): number | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (at: number, length: number) => String.fromCharCode(...file.subarray(at, at + length));
  let stream: number | null = null;
  let preSkip = 0;
  let last = 0n;
  let at = 0;
  while (at < file.length) {
    if (at + HEADER_BYTES > file.length || text(at, 4) !== PAGE) return null;
    const segments = view.getUint8(at + 26);
    const body = at + HEADER_BYTES + segments;
    if (body > file.length) return null;
    const end = body + file.subarray(at + HEADER_BYTES, body).reduce((sum, bytes) => sum + bytes, 0);
    if (end > file.length) return null;
    const serial = view.getUint32(at + 14, true);
    if (stream === null) {
      if (text(body, 8) !== HEAD || end - body < 19) return null;
      stream = serial;
      preSkip = view.getUint16(body + 10, true);
    } else if (serial !== stream) return null;
    const position = view.getBigUint64(at + 6, true);
    if (position !== NO_POSITION && position > last) last = position;
    at = end;
  }
  return stream === null ? null : Math.max(0, Math.round((Number(last) - preSkip) / GRANULES_PER_MS));
}
