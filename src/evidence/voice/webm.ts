/**
 * How long a WebM file with one track of sound plays (RFC 8794 EBML, RFC 9559 Matroska). A recorder writes as it goes: no duration at the
 * front, sizes left open. So the blocks are read through, and the last one says. Pure.
 */

export const ID = {
  docType: 0x4282,
  timestampScale: 0x2ad7b1,
  trackType: 0x83,
  codec: 0x86,
  clusterTime: 0xe7,
  simpleBlock: 0xa3,
  block: 0xa1,
} as const;
/** Elements whose inside is walked through as if it stood in the same row: then it does not matter where one of open size ends. */
const OPENED = new Set([0x1a45dfa3, 0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe1, 0x1f43b675, 0xa0]);
const SOUND_TRACK = 2;
/** Elements that are a number, of eight bytes at most. */
const NUMBERS: ReadonlySet<number> = new Set([ID.timestampScale, ID.trackType, ID.clusterTime]);
/** Times are in units of this many nanoseconds unless the file says otherwise. */
const DEFAULT_SCALE_NS = 1_000_000;

export class NotWebm extends Error {}

export interface Element {
  readonly id: number;
  readonly at: number;
  readonly body: number;
  /** Of one that holds others the end of its head: what it holds follows. */
  readonly end: number;
  readonly holds: boolean;
}

/** @returns null when it is cut off, is another document than WebM, or has anything but one track of sound. */
export function webmDurationMs(file: Uint8Array): number | null {
  try {
    return read(file);
  } catch (error) {
    if (error instanceof NotWebm) return null;
    throw error;
  }
}

function read(file: Uint8Array): number | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tracks: number[] = [];
  let docType = '';
  let scaleNs = DEFAULT_SCALE_NS;
  let cluster = 0;
  let first: number | null = null;
  let last = 0;
  for (const { id, body, end } of elements(file)) {
    if (NUMBERS.has(id) && end - body > 8) return null;
    if (id === ID.docType) docType = textOf(file, body, end);
    if (id === ID.timestampScale) scaleNs = whole(file, body, end);
    if (id === ID.trackType) tracks.push(whole(file, body, end));
    if (id === ID.clusterTime) cluster = whole(file, body, end);
    if (id === ID.simpleBlock || id === ID.block) {
      const track = numberAt(file, body);
      if (track === null || track.end + 3 > end) return null;
      const time = cluster + view.getInt16(track.end);
      first ??= time;
      last = Math.max(last, time);
    }
  }
  if (docType !== 'webm' || tracks.length !== 1 || tracks[0] !== SOUND_TRACK || first === null) return null;
  return Math.max(0, Math.round(((last - first) * scaleNs) / 1e6));
}

/** Every element in the order of the file: of those that hold others the head, then what is inside. @throws NotWebm where it is broken or cut off. */
export function* elements(file: Uint8Array): Generator<Element> {
  for (let at = 0; at < file.length;) {
    const head = headAt(file, at);
    if (head === null) throw new NotWebm();
    const { id, body, size } = head;
    const holds = OPENED.has(id);
    if (!holds && (size === null || body + size > file.length)) throw new NotWebm();
    const end = holds ? body : body + size!;
    yield { id, at, body, end, holds };
    at = end;
  }
}

/** Names of codecs and kinds of documents are shorter; what is longer is none that is known. */
const LONGEST_NAME = 64;
/** Text, without the zeros that may fill it up. */
export const textOf = (file: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...file.subarray(from, Math.min(to, from + LONGEST_NAME))).replace(/\0+$/, '');

const whole = (file: Uint8Array, from: number, to: number) => file.subarray(from, to).reduce((sum, byte) => sum * 256 + byte, 0);

/** `size` is null when it is open: to the end of what it is in. */
function headAt(file: Uint8Array, at: number): { readonly id: number; readonly body: number; readonly size: number | null } | null {
  const length = Math.clz32(file[at]!) - 23;
  if (length < 1 || length > 4 || at + length > file.length) return null;
  const size = numberAt(file, at + length);
  return size === null ? null : { id: whole(file, at, at + length), body: size.end, size: size.value };
}

/** A number of variable length; `value` is null when all its bits are set, which stands for an open size. */
function numberAt(file: Uint8Array, at: number): { readonly value: number | null; readonly end: number } | null {
  const head = file[at];
  if (head === undefined || head === 0) return null;
  const length = Math.clz32(head) - 23;
  const end = at + length;
  if (end > file.length) return null;
  const mask = 0xff >> length;
  let value = head & mask;
  let open = value === mask;
  for (let i = at + 1; i < end; i++) {
    open &&= file[i] === 0xff;
    value = value * 256 + file[i]!;
  }
  return { value: open ? null : value, end };
}
