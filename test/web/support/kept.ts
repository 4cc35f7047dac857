/** The phone's store in memory: values are copied in and out, as a real one does. */
import { vi } from 'vitest';

type Row = Record<string, unknown>;
const KEY_PATH: Readonly<Record<string, string>> = { outbox: 'key', photos: 'id', voices: 'id' };

export function memoryDb() {
  const stores = new Map<string, Map<string, unknown>>(['reference', 'outbox', 'photos', 'voices'].map((name) => [name, new Map()]));
  const of = (name: string) => stores.get(name)!;
  const copy = <T>(value: T): T => structuredClone(value);
  const put = async (name: string, value: unknown, key?: string) =>
    void of(name).set(key ?? String((value as Row)[KEY_PATH[name]!]), copy(value));
  const get = async (name: string, key: string) => copy(of(name).get(key));
  return {
    get,
    put,
    getAll: async (name: string) => [...of(name).values()].map(copy),
    getAllKeys: async (name: string) => [...of(name).keys()],
    getAllFromIndex: async (name: string, index: string, key: string) =>
      [...of(name).values()].filter((row) => (row as Row)[index] === key).map(copy),
    delete: async (name: string, key: string) => void of(name).delete(key),
    transaction: (name: string) => ({
      store: { get: (key: string) => get(name, key), put: (value: unknown) => put(name, value) },
      done: Promise.resolve(),
    }),
  };
}
export type MemoryDb = ReturnType<typeof memoryDb>;

/** For files that are imported from now on. */
export function keepIn(db: MemoryDb): void {
  vi.doMock('../../../web/shared/kept.ts', () => ({ kept: async () => db }));
}
