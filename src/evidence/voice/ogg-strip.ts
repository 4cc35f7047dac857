/**
 * An Opus voice note in Ogg without its comments: names of programs, titles, whatever was written there. The packet stays as long as it was, with no
 * comment in it and zeros behind, which is padding (RFC 7845 §5.2); its pages get their checksums anew. Pure.
 */
import { NotOgg, type OggPage, pages, textAt } from './ogg.ts';

const MAGIC = 'OpusTags';
/** The second packet of the stream, after the head. */
const TAGS_PACKET = 1;
/** What it says, then no vendor and no comments: two lengths of four bytes. */
const NO_COMMENTS = Uint8Array.from([...MAGIC].map((c) => c.charCodeAt(0)).concat(Array<number>(8).fill(0)));
const CHECKSUM_AT = 22;
/** CRC-32 of Ogg (RFC 3533 §6): this polynomial, from zero, bits not turned round. */
const POLYNOMIAL = 0x04c11db7;

/** @param file  one that `oggDurationMs` can read. @returns a copy of the same length; null when the second packet is none of comments. */
export function stripOgg(file: Uint8Array): Uint8Array | null {
  const out = file.slice();
  let packet = 0;
  let cleared = 0;
  let said = '';
  try {
    for (const page of pages(file)) {
      const before = cleared;
      let at = page.body;
      for (const length of page.segments) {
        if (packet === TAGS_PACKET) {
          said += textAt(file, at, Math.min(length, MAGIC.length - said.length));
          for (let i = 0; i < length; i++) out[at + i] = NO_COMMENTS[cleared++] ?? 0;
        }
        at += length;
        if (length < 255) packet += 1;
      }
      if (cleared > before) sign(out, page);
    }
  } catch (error) {
    if (error instanceof NotOgg) return null;
    throw error;
  }
  return said === MAGIC && cleared >= NO_COMMENTS.length ? out : null;
}

function sign(out: Uint8Array, { at, end }: OggPage): void {
  const view = new DataView(out.buffer, out.byteOffset);
  view.setUint32(at + CHECKSUM_AT, 0);
  let crc = 0;
  for (let i = at; i < end; i++) {
    crc ^= out[i]! << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  }
  view.setUint32(at + CHECKSUM_AT, crc >>> 0, true);
}
