/** Who changed which setting: a row beside each change, in the same transaction. Rows are added only. */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { SettingsChangeTable } from './tables/settings.ts';

export interface SettingsChange {
  readonly account: string;
  readonly subject: SettingsChangeTable['subject'];
  /** What `bumpSettings` gave. */
  readonly version: number;
  /** Only what differs. */
  readonly before: unknown;
  readonly after: unknown;
}

export async function recordChange(tx: Kysely<Schema>, district: number, change: SettingsChange): Promise<void> {
  const { before, after, ...row } = change;
  await tx
    .insertInto('settings_change')
    .values({ district, ...row, before: JSON.stringify(before), after: JSON.stringify(after) })
    .execute();
}

export interface RecordedChange extends SettingsChange {
  readonly id: number;
  readonly at: Date;
}

/** Newest first. @param before  only older ones than this id. */
export async function listChanges(
  db: Kysely<Schema>,
  district: number,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ readonly items: readonly RecordedChange[]; readonly next: string | null }> {
  const rows = await db
    .selectFrom('settings_change')
    .select(['id', 'at', 'account', 'subject', 'version', 'before', 'after'])
    .where('district', '=', district)
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? String(items.at(-1)!.id) : null };
}
