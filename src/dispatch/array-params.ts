/**
 * Arrays as binary parameters of PostgreSQL: the driver sends a Buffer as it is, so nothing is quoted here and nothing parsed there.
 * Layout: dimensions (1), has-nulls, element type, length, lower bound (1), then each element with its length in bytes; −1 is null.
 */

/** Types of PostgreSQL by their fixed numbers. Source: pg_type. */
const OID = { bytea: 17, int2: 21, int4: 23, text: 25, json: 114, timestamptz: 1184, uuid: 2950 } as const;
const HEADER_BYTES = 20;
/** PostgreSQL counts microseconds from 2000-01-01, in epoch milliseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;
/** A string's UTF-8 is at most three bytes for each of its UTF-16 units. */
const UTF8_MAX = 3;

let scratch = Buffer.allocUnsafe(1 << 20);

function array<T>(
  oid: number,
  list: readonly (T | null)[],
  maxBytes: (value: T) => number,
  put: (into: Buffer, at: number, value: T) => number,
): Buffer {
  let need = HEADER_BYTES;
  for (const value of list) need += 4 + (value === null ? 0 : maxBytes(value));
  if (scratch.length < need) scratch = Buffer.allocUnsafe(need * 2);
  const b = scratch;
  let hasNulls = 0;
  let at = HEADER_BYTES;
  for (const value of list) {
    if (value === null) {
      at = b.writeInt32BE(-1, at);
      hasNulls = 1;
      continue;
    }
    const bytes = put(b, at + 4, value);
    b.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  b.writeInt32BE(1, 0);
  b.writeInt32BE(hasNulls, 4);
  b.writeInt32BE(oid, 8);
  b.writeInt32BE(list.length, 12);
  b.writeInt32BE(1, 16);
  return Buffer.from(b.subarray(0, at));
}

const utf8Max = (s: string) => s.length * UTF8_MAX;
const putUtf8 = (b: Buffer, at: number, s: string) => b.write(s, at);
const four = () => 4;
const eight = () => 8;
const sixteen = () => 16;

export const textArray = (list: readonly (string | null)[]): Buffer => array(OID.text, list, utf8Max, putUtf8);
export const jsonArray = (list: readonly (string | null)[]): Buffer => array(OID.json, list, utf8Max, putUtf8);
export const int2Array = (list: readonly number[]): Buffer =>
  array(
    OID.int2,
    list,
    () => 2,
    (b, at, v) => b.writeInt16BE(v, at) - at,
  );
export const int4Array = (list: readonly number[]): Buffer => array(OID.int4, list, four, (b, at, v) => b.writeInt32BE(v, at) - at);
/** Bytes, from hex. */
export const hexArray = (list: readonly string[]): Buffer =>
  array(
    OID.bytea,
    list,
    (v) => v.length / 2,
    (b, at, v) => b.write(v, at, 'hex'),
  );

/** @throws TypeError for what is no UUID. */
export const uuidArray = (list: readonly string[]): Buffer =>
  array(OID.uuid, list, sixteen, (b, at, v) => {
    const hex = v.replaceAll('-', '');
    if (hex.length !== 32 || b.write(hex, at, 'hex') !== 16) throw new TypeError('not a UUID');
    return 16;
  });

/** @throws RangeError for what is no time. */
export const timeArray = (list: readonly (string | null)[]): Buffer =>
  array(OID.timestamptz, list, eight, (b, at, v) => {
    const micros = (Date.parse(v) - POSTGRES_EPOCH_MS) * 1_000;
    if (Number.isNaN(micros)) throw new RangeError('not a time');
    // An int8 in two halves: every time of the next centuries is exact in a double, and BigInt costs more than all the rest.
    b.writeInt32BE(Math.floor(micros / TWO_32), at);
    b.writeInt32BE(micros | 0, at + 4);
    return 8;
  });

/** An array inside an array of text: PostgreSQL's arrays of arrays must all have the same length, so each goes as a literal. */
export function arrayLiteral(list: readonly string[]): string {
  return `{${list.map((s) => `"${s.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}
