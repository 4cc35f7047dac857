/** Voice notes as recorders of browsers write them, made byte by byte: silence, but whole files. `said` is what a recorder writes beside the sound. */

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const be = (value: number, bytes: number) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
const le = (value: number, bytes: number) => be(value, bytes).reverse();

/** As Chromium: sizes left open, no duration, a block each 60 ms. @param trackTypes  2 is sound, 1 a picture that moves. */
export function webm(durationMs: number, { trackTypes = [2], docType = 'webm', codec = 'A_OPUS', said = '' } = {}): Uint8Array {
  const OPEN = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const element = (id: number[], body: number[]) => [...id, 0x10 | 0, ...be(body.length, 3), ...body];
  const tracks = trackTypes.flatMap((type) => element([0xae], [...element([0x83], [type]), ...element([0x86], ascii(codec))]));
  const spoken = (...id: number[]) => (said === '' ? [] : element(id, ascii(said)));
  // Title, the program that wrote it, the date; then tags, longer than a size of one byte can say.
  const info = [...spoken(0x7b, 0xa9), ...spoken(0x57, 0x41), ...spoken(0x44, 0x61)];
  const tags = said === '' ? [] : element([0x12, 0x54, 0xc3, 0x67], ascii(said.repeat(40)));
  const block = (time: number) => element([0xa3], [0x81, ...be(time, 2), 0x80, 0xfc, 0xff, 0xfe]);
  const clusters: number[] = [];
  // A block says how long after its cluster it begins, in 15 bits.
  for (let from = 0; from <= durationMs; from += 30_000) {
    clusters.push(0x1f, 0x43, 0xb6, 0x75, ...OPEN, ...element([0xe7], be(from, 3)));
    for (let at = from; at < Math.min(from + 30_000, durationMs); at += 60) clusters.push(...block(at - from));
    if (from + 30_000 > durationMs) clusters.push(...block(durationMs - from));
  }
  return Uint8Array.from([
    ...element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], ascii(docType))),
    ...[0x18, 0x53, 0x80, 0x67],
    ...OPEN,
    ...element([0x15, 0x49, 0xa9, 0x66], [...element([0x2a, 0xd7, 0xb1], be(1_000_000, 3)), ...info]),
    ...element([0x16, 0x54, 0xae, 0x6b], tracks),
    ...tags,
    ...clusters,
  ]);
}

/** The checksum of Ogg, by table. */
const CRC = Array.from({ length: 256 }, (_, byte) =>
  Array.from({ length: 8 }).reduce<number>((crc) => ((crc << 1) ^ (crc & 0x8000_0000 ? 0x04c1_1db7 : 0)) >>> 0, byte * 2 ** 24),
);
const crcOf = (bytes: number[]) => bytes.reduce((crc, byte) => ((crc << 8) ^ CRC[((crc >>> 24) ^ byte) & 0xff]!) >>> 0, 0);
/** Whether every page has the checksum that belongs to it. */
export function pagesAreSigned(file: Uint8Array): boolean {
  for (let at = 0; at < file.length;) {
    const table = file.subarray(at + 27, at + 27 + file[at + 26]!);
    const end = at + 27 + table.length + table.reduce((sum, n) => sum + n, 0);
    const page = [...file.subarray(at, end)];
    const signed = page.splice(22, 4, 0, 0, 0, 0);
    if (le(crcOf(page), 4).join() !== signed.join()) return false;
    at = end;
  }
  return true;
}

/** As Firefox: Opus in Ogg, a page each second. */
export function ogg(durationMs: number, { streams = 1, head = 'OpusHead', tags = 'OpusTags', said = '' } = {}): Uint8Array {
  const PRE_SKIP = 312;
  const segments = (length: number) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255];
  const page = (granule: number, stream: number, body: number[]) => {
    const table = segments(body.length);
    const before = [...ascii('OggS'), ...[0, 0], ...le(granule, 6), ...[0, 0], ...le(stream, 4), ...be(0, 4)];
    const after = [table.length, ...table, ...body];
    return [...before, ...le(crcOf([...before, ...be(0, 4), ...after]), 4), ...after];
  };
  const comment = ascii(said.repeat(40));
  const comments = said === '' ? le(0, 4) : [...le(1, 4), ...le(comment.length, 4), ...comment];
  const pages = page(0, 7, [...ascii(head), 1, 1, ...le(PRE_SKIP, 2), ...le(48_000, 4), 0, 0, 0]);
  pages.push(...page(0, 7, [...ascii(tags), ...le(said.length, 4), ...ascii(said), ...comments]));
  for (let at = 1_000; at < durationMs; at += 1_000) pages.push(...page(at * 48 + PRE_SKIP, 7, [0xfc, 0xff, 0xfe]));
  pages.push(...page(durationMs * 48 + PRE_SKIP, 6 + streams, [0xfc, 0xff, 0xfe]));
  return Uint8Array.from(pages);
}

/** As Safari: finished, with the duration in its header, or in fragments of a second each, with none. */
export function mp4(durationMs: number, { fragmented = false, handlers = ['soun'], said = '', madeAt = 0 } = {}): Uint8Array {
  const SCALE = 1_000;
  const box = (type: string, body: number[]) => [...be(body.length + 8, 4), ...ascii(type), ...body];
  const full = (flags: number, body: number[]) => [0, ...be(flags, 3), ...body];
  const mdhd = box(
    'mdhd',
    full(0, [...be(madeAt, 4), ...be(madeAt, 4), ...be(SCALE, 4), ...be(fragmented ? 0 : durationMs, 4), 0, 0, 0, 0]),
  );
  const trak = (handler: string) =>
    box('trak', box('mdia', [...mdhd, ...box('hdlr', full(0, [...be(0, 4), ...ascii(handler), ...be(0, 12), ...ascii(said), 0]))]));
  const mvex = box('mvex', box('trex', full(0, [...be(1, 4), ...be(1, 4), ...be(20, 4), ...be(0, 8)])));
  const mvhd = box('mvhd', full(0, [...be(madeAt, 4), ...be(madeAt, 4), ...be(SCALE, 4), ...be(0, 4)]));
  const udta = said === '' ? [] : box('udta', box('\xa9xyz', ascii(said)));
  const moov = box('moov', [...mvhd, ...handlers.flatMap(trak), ...udta, ...(fragmented ? mvex : [])]);
  // The first half of the fragments goes by the usual length of a sample, the second says its own.
  const plain = box('traf', [...box('tfhd', full(0, be(1, 4))), ...box('trun', full(0, be(50, 4)))]);
  const own = box('traf', [
    ...box('tfhd', full(0, be(1, 4))),
    ...box('trun', full(0x301, [...be(1, 4), ...be(0, 4), ...be(1_000, 4), ...be(9, 4)])),
  ]);
  const fragments = Array.from({ length: durationMs / 1_000 }, (_, i) => [...box('moof', i % 2 ? own : plain), ...box('mdat', [0])]);
  return Uint8Array.from([
    ...box('ftyp', ascii('isom')),
    ...moov,
    ...(said === '' ? [] : box('uuid', ascii(said))),
    ...(fragmented ? fragments.flat() : box('mdat', [0, 0])),
  ]);
}
