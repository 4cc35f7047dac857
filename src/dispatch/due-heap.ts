/**
 * What is due next, in memory: a binary heap in which each incident stands once, with the newest time that is known of it. Pure.
 * Kept in typed arrays, so that a million incidents take some 60 MB and none of the garbage collector's time.
 */

export interface Due {
  /** A UUID. */
  readonly id: string;
  /** The version that says so. */
  readonly version: number;
  readonly dueMs: number;
  /** When to look at it; later than `dueMs` if it was put off. */
  readonly atMs: number;
}

/** One record: uuid, version as int4, time as PostgreSQL sends it. */
const PACKED_BYTES = 28;
/** PostgreSQL counts microseconds from 2000-01-01, in epoch milliseconds; its `infinity` is the largest int8. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const INFINITY_HIGH = 0x7fffffff;
const TWO_32 = 2 ** 32;
const WORDS = 4;
const FIRST_ROOM = 1_024;

export class DueHeap {
  private room = FIRST_ROOM;
  private count = 0;
  // By slot: one incident each.
  private ids = new Int32Array(FIRST_ROOM * WORDS);
  private versions = new Int32Array(FIRST_ROOM);
  private dues = new Float64Array(FIRST_ROOM);
  private ats = new Float64Array(FIRST_ROOM);
  private places = new Int32Array(FIRST_ROOM);
  /** Slots, as a heap by `ats`; behind `count` the free ones. */
  private heap = Int32Array.from({ length: FIRST_ROOM }, (_, i) => i);
  /** Slot + 1 by hash of the id, with linear probing; 0: empty. Twice the room, so that it is at most half full. */
  private table = new Int32Array(FIRST_ROOM * 2);
  private readonly asked = new Int32Array(WORDS);

  /** Incidents that wait. */
  get size(): number {
    return this.count;
  }

  /** Sets when an incident is due; an older version than the one known changes nothing. */
  set({ id, version, dueMs, atMs }: Due): void {
    readId(id, this.asked);
    this.put(version, dueMs, atMs);
  }

  /** As `set`, many at once: records of 28 bytes each. One that is due at `infinity` is never due. */
  setPacked(records: Buffer): void {
    for (let at = 0; at < records.length; at += PACKED_BYTES) {
      for (let w = 0; w < WORDS; w++) this.asked[w] = records.readInt32BE(at + 4 * w);
      const high = records.readInt32BE(at + 20);
      if (high === INFINITY_HIGH) continue;
      const dueMs = POSTGRES_EPOCH_MS + Math.ceil((high * TWO_32 + records.readUInt32BE(at + 24)) / 1_000);
      this.put(records.readInt32BE(at + 16), dueMs, dueMs);
    }
  }

  /** Nothing is due there any more, as this version says. */
  drop(id: string, version: number): void {
    readId(id, this.asked);
    const slot = this.find();
    if (slot >= 0 && this.versions[slot]! <= version) this.remove(slot);
  }

  /** Whether this version or a newer one of the incident waits. */
  knows(id: string, version: number): boolean {
    readId(id, this.asked);
    const slot = this.find();
    return slot >= 0 && this.versions[slot]! >= version;
  }

  /** When to look at the next one; Infinity for never. */
  nextMs(): number {
    return this.count === 0 ? Infinity : this.ats[this.heap[0]!]!;
  }

  /** Takes out what is to be looked at by `nowMs`, earliest first, at most `max`. */
  takeDue(nowMs: number, max: number): Due[] {
    const taken: Due[] = [];
    while (taken.length < max && this.count > 0 && this.nextMs() <= nowMs) {
      const slot = this.heap[0]!;
      taken.push(this.dueOf(slot));
      this.remove(slot);
    }
    return taken;
  }

  /** Ids of what is to be looked at after `fromMs` and by `toMs`, in any order, at most `max`; they stay. */
  coming(fromMs: number, toMs: number, max: number): string[] {
    const ids: string[] = [];
    const walk = (place: number): void => {
      if (place >= this.count || ids.length >= max) return;
      const slot = this.heap[place]!;
      // All below it come later still.
      if (this.ats[slot]! > toMs) return;
      if (this.ats[slot]! > fromMs) ids.push(this.idOf(slot));
      walk(2 * place + 1);
      walk(2 * place + 2);
    };
    walk(0);
    return ids;
  }

  private put(version: number, dueMs: number, atMs: number): void {
    let slot = this.find();
    if (slot >= 0) {
      if (this.versions[slot]! > version) return;
    } else {
      if (this.count === this.room) this.grow();
      slot = this.heap[this.count]!;
      this.ids.set(this.asked, slot * WORDS);
      this.enter(slot);
      this.places[slot] = this.count++;
    }
    this.versions[slot] = version;
    this.dues[slot] = dueMs;
    this.ats[slot] = atMs;
    this.settle(slot);
  }

  private dueOf(slot: number): Due {
    return { id: this.idOf(slot), version: this.versions[slot]!, dueMs: this.dues[slot]!, atMs: this.ats[slot]! };
  }

  private idOf(slot: number): string {
    let hex = '';
    for (let w = 0; w < WORDS; w++) hex += (this.ids[slot * WORDS + w]! >>> 0).toString(16).padStart(8, '0');
    return dashed(hex);
  }

  // The heap.

  private settle(slot: number): void {
    this.sink(slot, this.rise(slot, this.places[slot]!));
  }

  private rise(slot: number, from: number): number {
    const { heap, ats, places } = this;
    const at = ats[slot]!;
    let place = from;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1]!;
      if (ats[parent]! <= at) break;
      heap[place] = parent;
      places[parent] = place;
      place = (place - 1) >> 1;
    }
    return place;
  }

  private sink(slot: number, from: number): void {
    const { heap, ats, places, count } = this;
    const at = ats[slot]!;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= count) break;
      if (below + 1 < count && ats[heap[below + 1]!]! < ats[heap[below]!]!) below++;
      const child = heap[below]!;
      if (ats[child]! >= at) break;
      heap[place] = child;
      places[child] = place;
      place = below;
    }
    heap[place] = slot;
    places[slot] = place;
  }

  private remove(slot: number): void {
    this.leave(slot);
    const place = this.places[slot]!;
    const last = this.heap[--this.count]!;
    // Its slot is free now: it waits behind the heap.
    this.heap[this.count] = slot;
    if (last === slot) return;
    this.places[last] = place;
    this.settle(last);
  }

  private grow(): void {
    const { room } = this;
    this.room = room * 2;
    this.ids = grown(this.ids, Int32Array);
    this.versions = grown(this.versions, Int32Array);
    this.dues = grown(this.dues, Float64Array);
    this.ats = grown(this.ats, Float64Array);
    this.places = grown(this.places, Int32Array);
    this.heap = grown(this.heap, Int32Array);
    for (let slot = room; slot < this.room; slot++) this.heap[slot] = slot;
    this.table = new Int32Array(this.room * 2);
    for (let place = 0; place < this.count; place++) this.enter(this.heap[place]!);
  }

  // The table.

  /** Slot of the id in `asked`; −1 if it does not wait. */
  private find(): number {
    const { table, ids, asked } = this;
    const mask = table.length - 1;
    for (let i = hash(asked, 0) & mask; table[i] !== 0; i = (i + 1) & mask) {
      const at = (table[i]! - 1) * WORDS;
      if (ids[at + 3] === asked[3] && ids[at + 2] === asked[2] && ids[at + 1] === asked[1] && ids[at] === asked[0]) return table[i]! - 1;
    }
    return -1;
  }

  private enter(slot: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let i = hash(this.ids, slot * WORDS) & mask;
    while (table[i] !== 0) i = (i + 1) & mask;
    table[i] = slot + 1;
  }

  private leave(slot: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let hole = hash(this.ids, slot * WORDS) & mask;
    while (table[hole] !== slot + 1) hole = (hole + 1) & mask;
    // What was pushed past the hole by others moves back into it, so that it is still found.
    for (let i = (hole + 1) & mask; table[i] !== 0; i = (i + 1) & mask) {
      const home = hash(this.ids, (table[i]! - 1) * WORDS) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      table[hole] = table[i]!;
      hole = i;
    }
    table[hole] = 0;
  }
}

function grown<T extends Int32Array | Float64Array>(old: T, Kind: new (length: number) => T): T {
  const next = new Kind(old.length * 2);
  next.set(old);
  return next;
}

/** The multipliers and shifts are those of MurmurHash3's finalizer (public domain). */
function hash(words: Int32Array, at: number): number {
  let h =
    words[at]! ^ Math.imul(words[at + 1]!, 0x9e3779b1) ^ Math.imul(words[at + 2]!, 0x85ebca6b) ^ Math.imul(words[at + 3]!, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Id of the last record of `setPacked`. */
export function lastId(records: Buffer): string {
  const at = records.length - PACKED_BYTES;
  return dashed(records.toString('hex', at, at + 16));
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** @throws TypeError for what is no UUID. */
function readId(id: string, into: Int32Array): void {
  let digits = 0;
  let word = 0;
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    // '-' 45, '0' 48, 'A' 65, 'a' 97
    if (c === 45) continue;
    const digit = c >= 97 ? c - 87 : c >= 65 ? c - 55 : c - 48;
    if (!(digit >= 0 && digit < 16)) throw new TypeError('not a UUID');
    word = (word << 4) | digit;
    if ((++digits & 7) === 0) into[(digits >> 3) - 1] = word;
  }
  if (digits !== 32) throw new TypeError('not a UUID');
}
