/** The same key gives the same answer: keys belong to the account, and each stands for one request only. */
import { LRUCache } from 'lru-cache';
import { v5, v7 } from 'uuid';
import { sha256 } from './sha256.ts';

/** Some kilobytes each; older ones are answered from the log. */
const REMEMBERED_ANSWERS = 5_000;

/** SHA-256 of what is asked, whatever the order of its fields. Compared to tell a repeat from another request under the same key. */
export function digestOf(request: unknown): Buffer {
  return sha256(JSON.stringify(inOrder(request)));
}

/** The same value with the fields of every object in order. */
function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const fields = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) ordered[name] = inOrder(fields[name]);
  return ordered;
}

/** Namespace of the keys of system commands; made once, for this only. */
const SYSTEM_KEYS = '6a0e2c1e-6a55-5d1b-9f0a-3e8f6d4b7c21';

/** The key of what the system does at one version of an incident: every node makes the same, so that it takes effect once. */
export function systemKey(incident: string, version: number, verb: string): string {
  return v5(`${incident} ${version} ${verb}`, SYSTEM_KEYS);
}

/**
 * The id of the incident that a report makes: a UUIDv7 that follows from account and key alone where the key is a UUIDv7 itself, so that
 * a report sent again after a crash claims its photos for the same incident.
 *
 * @param otherwise  time for the id when the key carries none.
 */
export function reportId(account: string, key: string, otherwise: Date): string {
  const random = sha256(`${account}\n${key.toLowerCase()}`).subarray(0, 16);
  return v7({ msecs: timeOfKey(key) ?? otherwise.getTime(), random });
}

/** Epoch milliseconds inside a UUIDv7. */
function timeOfKey(key: string): number | undefined {
  return key[14] === '7' ? Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16) : undefined;
}

interface Kept<Answer> {
  readonly digest: Buffer;
  readonly answer: Answer;
}

/** What this node is doing, or lately did, under each key. The log knows the rest. */
export class AnswersByKey<Answer> {
  private readonly underWay = new Map<string, Kept<Promise<Answer>>>();
  private readonly done = new LRUCache<string, Kept<Answer>>({ max: REMEMBERED_ANSWERS });

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.underWay.size;
  }

  /** What was answered, or will be; null if this node knows nothing of the key. `same`: the same was asked. */
  find(account: string, key: string, digest: Buffer): { same: boolean; answer: Answer | Promise<Answer> } | null {
    const name = `${account} ${key}`;
    const kept = this.underWay.get(name) ?? this.done.get(name);
    return kept === undefined ? null : { same: kept.digest.equals(digest), answer: kept.answer };
  }

  /** Does the work; who asks meanwhile under the same key waits for the same answer. `keep`: whether it still holds later. */
  async run(account: string, key: string, digest: Buffer, work: () => Promise<Answer>, keep: (answer: Answer) => boolean): Promise<Answer> {
    const name = `${account} ${key}`;
    const answer = work();
    this.underWay.set(name, { digest, answer });
    try {
      const value = await answer;
      if (keep(value)) this.done.set(name, { digest, answer: value });
      return value;
    } finally {
      this.underWay.delete(name);
    }
  }
}
