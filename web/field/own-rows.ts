/**
 * What a phone keeps of one person alone, for a start without a network: the incidents read last, today's walk, 共建 of the own community. It stays
 * when a session ends, because then it is needed; it goes when that person signs out, and when another opens the page. Reports that were not sent
 * are not among it: they stay until they are.
 */
import { kept } from '../shared/kept.ts';
import { me, onSignOut } from '../shared/session.ts';

const ROWS = ['incidents', 'walk', 'cobuild'] as const;
const nameOf = (row: (typeof ROWS)[number], account: string) => `${row} of ${account}`;

export async function readOwn<T>(row: (typeof ROWS)[number]): Promise<T | undefined> {
  const account = me.value?.account;
  if (account === undefined) return undefined;
  const found = await kept()
    .then((db) => db.get('reference', nameOf(row, account)))
    .catch(() => undefined);
  return found?.body as T | undefined;
}

export async function writeOwn(row: (typeof ROWS)[number], body: unknown): Promise<void> {
  const account = me.value?.account;
  if (account === undefined) return;
  await kept()
    .then((db) => db.put('reference', { etag: null, body }, nameOf(row, account)))
    .catch(() => undefined);
}

/** @param whose  accounts whose rows go. */
export async function forgetRows(whose: (account: string) => boolean): Promise<void> {
  const db = await kept();
  for (const key of await db.getAllKeys('reference')) {
    const [row, account] = key.split(' of ');
    if (ROWS.some((own) => own === row) && account !== undefined && whose(account)) await db.delete('reference', key);
  }
}

onSignOut(() => forgetRows((account) => account === me.value?.account));
