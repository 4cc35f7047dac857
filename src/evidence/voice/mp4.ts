/**
 * How long an MP4 file with one track of sound plays (ISO/IEC 14496-12). A finished file says so in its header; a recorder that writes as it
 * goes says 0 there and leaves fragments, whose samples are counted. Pure.
 */

export interface Box {
  readonly type: string;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}
export class NotMp4 extends Error {}

/** Boxes that only hold boxes. */
const HOLDERS: ReadonlySet<string> = new Set(['moov', 'trak', 'edts', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'moof', 'traf', 'mfra']);
export const holdsBoxes = (type: string) => HOLDERS.has(type);
const SOUND = 'soun';
/** Flags of `tfhd` and `trun`: which optional fields stand in front of the one that is wanted. */
const TFHD = { baseOffset: 0x1, descriptionIndex: 0x2, sampleDuration: 0x8 } as const;
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const;

/** @returns null when it is cut off, or has anything but one track of sound. */
export function mp4DurationMs(file: Uint8Array): number | null {
  try {
    return read(new DataView(file.buffer, file.byteOffset, file.byteLength));
  } catch (error) {
    // A field beyond the end of the file is a RangeError of the view.
    if (error instanceof NotMp4 || error instanceof RangeError) return null;
    throw error;
  }
}

function read(view: DataView): number | null {
  const handlers: string[] = [];
  let header = { timescale: 0, duration: 0 };
  let usual = 0;
  let ofFragment = 0;
  let counted = 0;
  for (const { type, body, end } of walk(view, 0, view.byteLength)) {
    if (type === 'hdlr') handlers.push(textAt(view, body + 8));
    if (type === 'mdhd') header = mediaHeader(view, body);
    if (type === 'trex') usual = view.getUint32(body + 12);
    if (type === 'tfhd') ofFragment = fragmentDuration(view, body) ?? usual;
    if (type === 'trun') counted += runDuration(view, body, end, ofFragment);
  }
  if (handlers.length !== 1 || handlers[0] !== SOUND || header.timescale === 0) return null;
  const duration = header.duration > 0 ? header.duration : counted;
  return duration === 0 ? null : Math.round((duration * 1_000) / header.timescale);
}

/** Every box in the order of the file, holders before what they hold. @throws NotMp4 when a box reaches beyond the one around it. */
export function* walk(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at < to;) {
    if (at + 8 > to) throw new NotMp4();
    const short = view.getUint32(at);
    const type = textAt(view, at + 4);
    const body = at + (short === 1 ? 16 : 8);
    const end = short === 0 ? to : at + (short === 1 ? Number(view.getBigUint64(at + 8)) : short);
    if (end < body || end > to) throw new NotMp4();
    yield { type, at, body, end };
    if (HOLDERS.has(type)) yield* walk(view, body, end);
    at = end;
  }
}

const textAt = (view: DataView, at: number) =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

function mediaHeader(view: DataView, body: number): { timescale: number; duration: number } {
  const long = view.getUint8(body) === 1;
  const timescale = view.getUint32(body + (long ? 20 : 12));
  const duration = long ? Number(view.getBigUint64(body + 24)) : view.getUint32(body + 16);
  // All bits set: not known.
  return { timescale, duration: duration >= 0xffff_ffff ? 0 : duration };
}

function fragmentDuration(view: DataView, body: number): number | null {
  const flags = view.getUint32(body) & 0xff_ffff;
  if ((flags & TFHD.sampleDuration) === 0) return null;
  return view.getUint32(body + 8 + (flags & TFHD.baseOffset ? 8 : 0) + (flags & TFHD.descriptionIndex ? 4 : 0));
}

function runDuration(view: DataView, body: number, end: number, usual: number): number {
  const flags = view.getUint32(body) & 0xff_ffff;
  const samples = view.getUint32(body + 4);
  if ((flags & TRUN.duration) === 0) return samples * usual;
  const width = 4 * [TRUN.duration, TRUN.size, TRUN.flags, TRUN.composition].filter((flag) => flags & flag).length;
  let at = body + 8 + (flags & TRUN.dataOffset ? 4 : 0) + (flags & TRUN.firstFlags ? 4 : 0);
  if (at + samples * width > end) throw new NotMp4();
  let sum = 0;
  for (let i = 0; i < samples; i++, at += width) sum += view.getUint32(at);
  return sum;
}
