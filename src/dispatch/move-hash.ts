/** The hash chain: each move's hash covers the one before it of the same incident, so that no row can be changed, left out or put between. */
import { sha256 } from './sha256.ts';

/** What a hash covers besides the one before it. `payload` is the text as it is stored: another spelling of the same JSON has another hash. */
export interface HashedMove {
  readonly district: number;
  readonly incident: string;
  readonly version: number;
  readonly verb: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly at: string;
  readonly payload: string;
}

/** In place of the hash before the first move. */
export const NO_HASH = '';

/** A string's UTF-8 is at most three bytes for each of its UTF-16 units. */
const UTF8_MAX = 3;
let scratch = Buffer.allocUnsafe(8_192);

/** One line per field; PostgreSQL makes the same text of a row, so that the chain can be checked without this program (docs/operations.md). Hashes are lower-case hex. */
export function hashMove(prev: string, m: HashedMove): string {
  const text = `${m.district}\n${m.incident}\n${m.version}\n${m.verb}\n${m.from}\n${m.to}\n${m.actor}\n${m.at}\n${m.payload}`;
  const need = prev.length / 2 + text.length * UTF8_MAX;
  if (scratch.length < need) scratch = Buffer.allocUnsafe(need * 2);
  const at = scratch.write(prev, 'hex');
  return sha256(scratch.subarray(0, at + scratch.write(text, at)));
}
