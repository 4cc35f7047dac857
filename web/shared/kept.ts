/** What a device keeps between visits: reference data, drafts, the outbox and its photos. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

export interface KeptPhoto {
  readonly id: string;
  readonly draft: string;
  readonly blob: Blob;
  readonly takenAt: string;
}

interface Kept extends DBSchema {
  reference: { key: string; value: { readonly etag: string | null; readonly body: unknown } };
  /** Drafts and what waits to be sent; `order` is the order of sending. */
  outbox: { key: string; value: Readonly<Record<string, unknown>> & { readonly key: string; readonly account: string } };
  photos: { key: string; value: KeptPhoto; indexes: { draft: string } };
}

let opening: Promise<IDBPDatabase<Kept>> | undefined;

export function kept(): Promise<IDBPDatabase<Kept>> {
  opening ??= openDB<Kept>('fengming', 1, {
    upgrade(db) {
      db.createObjectStore('reference');
      db.createObjectStore('outbox', { keyPath: 'key' });
      db.createObjectStore('photos', { keyPath: 'id' }).createIndex('draft', 'draft');
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
