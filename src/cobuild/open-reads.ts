/** How often one address may ask what 共建共治 shows without an account. Behind one address stand many people: this bounds programs. */
import type { Context } from 'hono';
import { AddressLimit } from '../http/address-limit.ts';
import { tooMany } from '../http/too-many.ts';
import type { AppEnv } from '../router.ts';

/** Reads of one address: a page asks once; sixty at once are sixty people who open it together. [ours] */
const READS = { burst: 60, everyMs: 1_000 };

/** @returns asks for one read: the refusal, or null when the address may read on. */
export function openReads(now: () => Date): (c: Context<AppEnv>) => ReturnType<typeof tooMany> | null {
  const reads = new AddressLimit(READS);
  return (c) => {
    const waitMs = reads.take(c.var.address, now().getTime());
    return waitMs === 0 ? null : tooMany(c, waitMs);
  };
}
