/** The hash chain: each move's hash covers the one before it of the same incident, so that no row can be changed, left out or put between. */
import { createHash } from 'node:crypto';

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
export const NO_HASH = Buffer.alloc(0);

/** One line per field; PostgreSQL makes the same text of a row, so that the chain can be checked without this program (docs/operations.md). */
export function hashMove(prev: Buffer, m: HashedMove): Buffer {
  const text = `${m.district}\n${m.incident}\n${m.version}\n${m.verb}\n${m.from}\n${m.to}\n${m.actor}\n${m.at}\n${m.payload}`;
  return createHash('sha256').update(prev).update(text).digest();
}
