/** The same key gives the same answer: keys belong to the account, and each stands for one request only. */
import { LRUCache } from 'lru-cache';
import { v5, v7 } from 'uuid';
import { sha256 } from './sha256.ts';

/** Some 300 bytes each; older ones are found in the log by their key. */
const REMEMBERED_ANSWERS = 20_000;

/** SHA-256 (hex) of what is asked, whatever the order of its fields. Compared to tell a repeat from another request under the same key. */
export function digestOf(request: unknown): string {
  return sha256(JSON.stringify(inOrder(request)));
}

/** The same value with the fields of every object in order. */
function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const fields = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name of sorted(Object.keys(fields))) ordered[name] = inOrder(fields[name]);
  return ordered;
}

/** Most requests come with their few fields in order, and a sort allocates even for one. */
function sorted(names: string[]): readonly string[] {
  for (let i = 1; i < names.length; i++) if (names[i]! < names[i - 1]!) return names.sort();
  return names;
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
  const random = Buffer.from(sha256(`${account}\n${key.toLowerCase()}`), 'hex').subarray(0, 16);
  return v7({ msecs: timeOfKey(key) ?? otherwise.getTime(), random });
}

/** Epoch milliseconds inside a UUIDv7. */
function timeOfKey(key: string): number | undefined {
  return key[14] === '7' ? Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16) : undefined;
}

/** A move by its place in the log, from where its answer can be read again. */
export interface Written {
  readonly incident: string;
  readonly version: number;
}

interface UnderWay<Answer> {
  readonly digest: string;
  readonly answer: Promise<Answer>;
}

/**
 * What this node is doing, or lately did, under each key. Of what is done only its place is kept: whole answers live just long enough to be
 * copied about by the garbage collector and are hardly ever asked for (measured: a tenth of the desk's CPU). The log knows the rest.
 */
export class AnswersByKey<Answer> {
  private readonly underWay = new Map<string, UnderWay<Answer>>();
  private readonly done = new LRUCache<string, Written & { readonly digest: string }>({ max: REMEMBERED_ANSWERS });

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.underWay.size;
  }

  /** What will be answered, or where it is written; null if this node knows nothing of the key. `same`: the same was asked. */
  find(account: string, key: string, digest: string): { same: boolean; answer: Promise<Answer> | Written } | null {
    const name = `${account} ${key}`;
    const underWay = this.underWay.get(name);
    if (underWay !== undefined) return { same: underWay.digest === digest, answer: underWay.answer };
    const done = this.done.get(name);
    return done === undefined ? null : { same: done.digest === digest, answer: { incident: done.incident, version: done.version } };
  }

  /**
   * Does the work; who asks meanwhile under the same key waits for the same answer.
   *
   * @param written  where an answer is to be read later; null if it should not be remembered.
   */
  run(
    account: string,
    key: string,
    digest: string,
    work: () => Promise<Answer>,
    written: (answer: Answer) => Written | null,
  ): Promise<Answer> {
    const name = `${account} ${key}`;
    const answer = work().then(
      (value) => {
        this.underWay.delete(name);
        const place = written(value);
        if (place !== null) this.done.set(name, { digest, incident: place.incident, version: place.version });
        return value;
      },
      (error: unknown) => {
        this.underWay.delete(name);
        throw error;
      },
    );
    this.underWay.set(name, { digest, answer });
    return answer;
  }
}
