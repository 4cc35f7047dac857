/**
 * From a committed move to the bytes on the wire. Pure. A move is turned into JSON once, and a frame is put together once for all sockets
 * that get the same moves: the text of a move is never made a second time.
 */
import type { CommittedMove } from '../dispatch/chain/committed.ts';
import type { MoveItem, ServerFrame } from './frames.ts';

/** A move as push needs it; `dueAt` concerns only deadlines. */
export type PushedMove = Omit<CommittedMove, 'dueAt'>;

/**
 * A move with its text. Twenty thousand of them are kept for replay, so nothing stands here that can be made from the move when it is asked for, and the text is a string:
 * the garbage collector follows a Buffer one by one.
 */
export interface EncodedMove {
  readonly seq: number;
  readonly move: PushedMove;
  /** JSON of its `MoveItem`. */
  readonly item: string;
  /** Of `item` in UTF-8. */
  readonly bytes: number;
}

/** A whole RFC 6455 text frame as a server sends it: unmasked, in one piece, not compressed. */
export interface TextFrame {
  readonly bytes: Buffer;
  /** Where the payload starts in `bytes`. */
  readonly payloadAt: number;
}

/** Reporter, place and due times stay here: an item carries no personal data. */
export function moveItem(move: PushedMove): MoveItem {
  return {
    seq: move.seq,
    incident: move.incident,
    number: move.number,
    verb: move.verb,
    from: move.from === 'none' ? null : move.from,
    to: move.to,
    version: move.version,
    level: move.level,
    cell: move.cell,
    at: move.at,
    ...(move.drill ? { drill: true as const } : {}),
    ...(move.changed?.length ? { assignments: move.changed.map(({ id, unit, role, state }) => ({ id, unit, role, state })) } : {}),
  };
}

/** Prefix of the keys that no client can ask for: incidents that an account itself reported. */
export const ACCOUNT_KEY = 'account:';

/** Keys under which those who may want the move are found: every topic that names it, and `account:<reporter>`. */
export function keysOf(move: PushedMove): readonly string[] {
  return [
    'district',
    `subdistrict:${move.subdistrict}`,
    `community:${move.community}`,
    `cell:${move.cell}`,
    `incident:${move.incident}`,
    ACCOUNT_KEY + move.reportedBy,
    ...move.units.map((unit) => `unit:${unit}`),
  ];
}

export function encodeMove(move: PushedMove): EncodedMove {
  const item = JSON.stringify(moveItem(move));
  return { seq: move.seq, move, item, bytes: Buffer.byteLength(item) };
}

const FIN_TEXT = 0x81;
/** Payloads up to 125 bytes have their length in the second byte; up to 65,535 in two more; beyond in eight more (RFC 6455, 5.2). */
function openFrame(payloadBytes: number): { bytes: Buffer; payloadAt: number } {
  const payloadAt = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
  // Not from the shared pool: a slow socket would keep the whole pool page alive.
  const bytes = Buffer.allocUnsafeSlow(payloadAt + payloadBytes);
  bytes[0] = FIN_TEXT;
  if (payloadAt === 2) bytes[1] = payloadBytes;
  else if (payloadAt === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(payloadBytes, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(payloadBytes), 2);
  }
  return { bytes, payloadAt };
}

export function encodeFrame(frame: ServerFrame): TextFrame {
  const text = JSON.stringify(frame);
  const opened = openFrame(Buffer.byteLength(text));
  opened.bytes.write(text, opened.payloadAt);
  return opened;
}

const MOVES_OPEN = Buffer.from('{"type":"moves","items":[');
const MOVES_CLOSE = Buffer.from(']}');
const COMMA = 0x2c;

/** Bytes of the payload that `movesFrame` would make. */
function movesPayloadBytes(itemBytes: number, items: number): number {
  return MOVES_OPEN.length + itemBytes + Math.max(0, items - 1) + MOVES_CLOSE.length;
}

/** One `moves` frame of the items, which must be in seq order. */
export function movesFrame(moves: readonly EncodedMove[]): TextFrame {
  let itemBytes = 0;
  for (const move of moves) itemBytes += move.bytes;
  const { bytes, payloadAt } = openFrame(movesPayloadBytes(itemBytes, moves.length));
  let at = payloadAt + MOVES_OPEN.copy(bytes, payloadAt);
  for (const [i, { item }] of moves.entries()) {
    if (i > 0) bytes[at++] = COMMA;
    at += bytes.write(item, at);
  }
  MOVES_CLOSE.copy(bytes, at);
  return { bytes, payloadAt };
}

/** Cuts a run of moves so that no frame of a part is longer than `maxBytes`, unless a single item is. */
export function cutByBytes(moves: readonly EncodedMove[], maxBytes: number): (readonly EncodedMove[])[] {
  const parts: (readonly EncodedMove[])[] = [];
  let from = 0;
  let itemBytes = 0;
  for (const [i, { bytes }] of moves.entries()) {
    if (i > from && movesPayloadBytes(itemBytes + bytes, i - from + 1) > maxBytes) {
      parts.push(moves.slice(from, i));
      from = i;
      itemBytes = 0;
    }
    itemBytes += bytes;
  }
  if (from === 0) return moves.length > 0 ? [moves] : [];
  parts.push(moves.slice(from));
  return parts;
}

export function byteLength(frames: readonly TextFrame[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += frame.bytes.length;
  return bytes;
}
