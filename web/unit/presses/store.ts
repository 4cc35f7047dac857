/** Presses on disk: a phone that is switched off in a tunnel still sends them afterwards. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Press } from './queue.ts';

interface UnitDb extends DBSchema {
  presses: { key: string; value: Press };
}

interface PressStore {
  all(): Promise<Press[]>;
  put(press: Press): Promise<void>;
  remove(key: string): Promise<void>;
}

/** @throws if the browser has no IndexedDB (private windows of old browsers). */
async function openPressStore(): Promise<PressStore> {
  const db: IDBPDatabase<UnitDb> = await openDB<UnitDb>('fengming-unit', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('presses', { keyPath: 'key' }),
  });
  return {
    all: () => db.getAll('presses'),
    // Vue proxies cannot be cloned into IndexedDB: a plain copy goes in.
    put: async (press) => void (await db.put('presses', JSON.parse(JSON.stringify(press)) as Press)),
    remove: (key) => db.delete('presses', key),
  };
}

/** Lasts as long as the page. */
function memoryPressStore(): PressStore {
  const kept = new Map<string, Press>();
  return {
    all: async () => [...kept.values()],
    put: async (press) => void kept.set(press.key, press),
    remove: async (key) => void kept.delete(key),
  };
}

export interface KeptPresses {
  readonly store: PressStore;
  /** What was kept from before. */
  readonly presses: readonly Press[];
  /** False: nothing survives the page, and the page has to say so. */
  readonly durable: boolean;
}

/** What waits from before the page was closed: known before the first list is judged, or an answered ring would start again. */
export async function readKeptPresses(): Promise<KeptPresses> {
  try {
    const store = await openPressStore();
    return { store, presses: await store.all(), durable: true };
  } catch {
    return { store: memoryPressStore(), presses: [], durable: false };
  }
}
