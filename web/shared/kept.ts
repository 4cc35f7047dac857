/** What a device keeps between visits: reference data, drafts, the outbox and its photos. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

export interface KeptPhoto {
  readonly id: string;
  readonly draft: string;
  readonly blob: Blob;
  readonly takenAt: string;
}

export interface KeptVoice {
  readonly id: string;
  readonly draft: string;
  readonly blob: Blob;
  readonly durationMs: number;
}

interface Kept extends DBSchema {
  reference: { key: string; value: { readonly etag: string | null; readonly body: unknown } };
  /** Drafts and what waits to be sent; `order` is the order of sending. */
  outbox: { key: string; value: Readonly<Record<string, unknown>> & { readonly key: string; readonly account: string } };
  photos: { key: string; value: KeptPhoto; indexes: { draft: string } };
  voices: { key: string; value: KeptVoice; indexes: { draft: string } };
}

let opening: Promise<IDBPDatabase<Kept>> | undefined;

export function kept(): Promise<IDBPDatabase<Kept>> {
  opening ??= openDB<Kept>('fengming', 2, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('reference');
        db.createObjectStore('outbox', { keyPath: 'key' });
        db.createObjectStore('photos', { keyPath: 'id' }).createIndex('draft', 'draft');
      }
      if (from < 2) db.createObjectStore('voices', { keyPath: 'id' }).createIndex('draft', 'draft');
    },
    // Another tab has a newer page: let go, so that it is not blocked.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated() {
      opening = undefined;
    },
  });
  return opening;
}
