/**
 * Photos and voice notes of drafts: in IndexedDB, and in memory where the phone keeps nothing (no room left, a private window). Then the page says
 * so: what is in memory goes out with the others, but not after the page was closed.
 */
import { ref } from 'vue';
import { kept, type KeptPhoto, type KeptVoice } from '../../shared/kept.ts';

interface Files {
  photos: KeptPhoto;
  voices: KeptVoice;
}
export type FileKind = keyof Files;
const KINDS: readonly FileKind[] = ['photos', 'voices'];

/** False: something could not be kept, so it is gone when the page is closed. */
export const durable = ref(true);
export function notDurable(): void {
  durable.value = false;
}

/** idb cannot tell for a kind that is not known yet that each has an index by draft. */
type ByDraft = (kind: FileKind, index: 'draft', draft: string) => Promise<unknown>;
const inMemory: { readonly [K in FileKind]: Map<string, Files[K]> } = { photos: new Map(), voices: new Map() };

export async function putFile<K extends FileKind>(kind: K, file: Files[K]): Promise<void> {
  try {
    await (await kept()).put(kind, file);
  } catch {
    notDurable();
    inMemory[kind].set(file.id, file);
  }
}

/** @returns undefined when it is neither here nor there: the phone took it away. */
export async function getFile<K extends FileKind>(kind: K, id: string): Promise<Files[K] | undefined> {
  const held: Files[K] | undefined = inMemory[kind].get(id);
  if (held) return held;
  // The store of each kind has files of that kind; idb cannot tell for a kind that is not known yet.
  return (await inStore(async (db) => (await db.get(kind, id)) as Files[K] | undefined)) ?? undefined;
}

export async function filesOf<K extends FileKind>(kind: K, draft: string): Promise<Files[K][]> {
  const stored = (await inStore(async (db) => (await (db.getAllFromIndex as ByDraft)(kind, 'draft', draft)) as Files[K][])) ?? [];
  return [...stored, ...[...inMemory[kind].values()].filter((file) => file.draft === draft)];
}

export async function dropFile(kind: FileKind, id: string): Promise<void> {
  inMemory[kind].delete(id);
  await inStore((db) => db.delete(kind, id));
}
export async function dropFilesOf(draft: string): Promise<void> {
  for (const kind of KINDS) for (const { id } of await filesOf(kind, draft)) await dropFile(kind, id);
}

/** Bytes of everything that belongs to these drafts. */
export async function bytesOf(drafts: readonly string[]): Promise<number> {
  let sum = 0;
  for (const draft of drafts) for (const kind of KINDS) for (const { blob } of await filesOf(kind, draft)) sum += blob.size;
  return sum;
}

/** @returns null when the phone has no store. */
async function inStore<T>(ask: (db: Awaited<ReturnType<typeof kept>>) => Promise<T>): Promise<T | null> {
  try {
    return await ask(await kept());
  } catch {
    return null;
  }
}
