/** Who signed in, signed out, was locked out or refused. Rows are added only: the service's role may neither change nor remove one. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { AuditTable } from '../db/tables/identity.ts';

export interface AuditEntry {
  readonly what: AuditTable['what'];
  /** Only of an account that exists: what else is typed into that field may be a password. */
  readonly account?: string | undefined;
  readonly session?: string | undefined;
  readonly address?: string | undefined;
  /** Codes, counts and routes; never a password, a token, or what a person wrote. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

export interface Audit {
  /** On disk when it resolves. @throws when the database cannot be reached. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * For what must not wait, such as a refused request. While more than 100 of them are under way the next are only counted in the
   * next one written: a flood of refusals is no flood of writes.
   */
  note(entry: AuditEntry): void;
}

const NOTES_UNDER_WAY = 100;

/** @param onLost  told when a note could not be written. */
export function openAudit(db: Kysely<Schema>, district: number, onLost: (error: unknown) => void): Audit {
  let underWay = 0;
  let skipped = 0;

  const record = async ({ what, account, session, address, detail }: AuditEntry) => {
    await db
      .insertInto('audit')
      .values({
        district,
        what,
        account: account ?? null,
        session: session ?? null,
        address: address ?? null,
        detail: JSON.stringify(detail ?? {}),
      })
      .execute();
  };

  return {
    record,
    note(entry) {
      if (underWay >= NOTES_UNDER_WAY) {
        skipped++;
        return;
      }
      const before = skipped;
      skipped = 0;
      underWay++;
      record(before === 0 ? entry : { ...entry, detail: { ...entry.detail, skippedBefore: before } })
        .catch((error: unknown) => {
          skipped += before;
          onLost(error);
        })
        .finally(() => underWay--);
    },
  };
}
