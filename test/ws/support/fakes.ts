/** Time, wire and log without a machine behind them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Actor } from '../../../src/identity/actor.ts';
import type { Placed } from '../../../src/identity/scope.ts';
import type { PushedMove, TextFrame } from '../../../src/ws/encode.ts';
import type { Wire } from '../../../src/ws/follower.ts';
import { ServerFrame } from '../../../src/ws/frames.ts';
import type { MoveLog } from '../../../src/ws/log.ts';
import type { Scheduler } from '../../../src/ws/scheduler.ts';
import { DISTRICT, type Draft } from './story.ts';

/** Time stands still until it is moved. */
export class FakeScheduler implements Scheduler {
  private now = 1_000_000;
  private soonQueue: (() => void)[] = [];
  private readonly timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  nowMs(): number {
    return this.now;
  }
  soon(run: () => void): void {
    this.soonQueue.push(run);
  }
  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.now + ms, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }
  get timersWaiting(): number {
    return this.timers.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      const due = this.soonQueue;
      this.soonQueue = [];
      for (const run of due) run();
      await nextTurn();
      quiet = due.length === 0 && this.soonQueue.length === 0 ? quiet + 1 : 0;
    }
  }

  async advance(ms: number): Promise<void> {
    await this.settle();
    const until = this.now + ms;
    for (;;) {
      const next = [...this.timers].filter((t) => t.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.timers.delete(next);
      this.now = Math.max(this.now, next.atMs);
      next.run();
      await this.settle();
    }
    this.now = until;
  }
}

/** Keeps what it was given; takes it all at once unless it is told to stop reading. */
export class FakeWire implements Wire {
  readonly frames: ServerFrame[] = [];
  /** The very buffers, to see which are shared. */
  readonly buffers: Buffer[] = [];
  writes = 0;
  mostBuffered = 0;
  closedWith: number | null = null;
  private reading = true;
  private waiting = 0;
  private drained: (() => void)[] = [];

  buffered(): number {
    return this.waiting;
  }
  write(frames: readonly TextFrame[]): void {
    if (this.closedWith !== null) return;
    this.writes++;
    for (const { bytes, payloadAt } of frames) {
      this.frames.push(ServerFrame.parse(JSON.parse(bytes.subarray(payloadAt).toString())));
      this.buffers.push(bytes);
      if (!this.reading) this.waiting += bytes.length;
    }
    this.mostBuffered = Math.max(this.mostBuffered, this.waiting);
  }
  onceDrained(callback: () => void): void {
    this.drained.push(callback);
    if (this.reading) this.read();
  }
  close(code: number): void {
    this.closedWith ??= code;
  }

  stopReading(): void {
    this.reading = false;
  }
  /** Takes what waits, and once more. */
  read(): void {
    this.reading = true;
    this.drain();
  }
  /** Takes what waits now and nothing after it. */
  drain(): void {
    this.waiting = 0;
    const callbacks = this.drained;
    this.drained = [];
    for (const callback of callbacks) callback();
  }

  get types(): string[] {
    return this.frames.map((f) => f.type);
  }
  /** seqs of the items received, in the order received. */
  get seqs(): number[] {
    return this.frames.flatMap((f) => (f.type === 'moves' ? f.items.map((i) => i.seq) : []));
  }
  of<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[] {
    return this.frames.filter((f): f is Extract<ServerFrame, { type: T }> => f.type === type);
  }
}

/** The log in memory. */
export class FakeLog implements MoveLog {
  readonly moves: PushedMove[] = [];
  epoch = 'epoch-1';
  reads = 0;
  failing: Error | null = null;
  /** Seqs that a broken log would not give. */
  readonly missing = new Set<number>();

  /** Commits: numbers them and returns them as the journal would. */
  commit(drafts: readonly Draft[]): PushedMove[] {
    const committed = drafts.map((draft, i) => ({ ...draft, seq: this.moves.length + i + 1 }));
    this.moves.push(...committed);
    return committed;
  }

  async head() {
    if (this.failing) throw this.failing;
    return { head: this.moves.length, epoch: this.epoch };
  }
  async snapshot() {
    return { ...(await this.head()), open: [] };
  }
  async after(seq: number, limit: number) {
    this.reads++;
    if (this.failing) throw this.failing;
    return this.moves.slice(seq, seq + limit).filter((m) => !this.missing.has(m.seq));
  }
  async placesOf(incidents: readonly string[]): Promise<ReadonlyMap<string, Placed>> {
    return new Map(this.moves.filter((m) => incidents.includes(m.incident)).map((m) => [m.incident, m]));
  }
}

export const ACTORS = {
  district: { account: 'district.441802', role: 'district', district: DISTRICT },
  auditor: { account: 'auditor', role: 'auditor', district: DISTRICT },
  subdistrict: { account: 'subdistrict.441802006', role: 'subdistrict', district: DISTRICT, subdistrict: '441802006' },
  community: {
    account: 'community.441802006001',
    role: 'community',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
  },
  gridWorker: {
    account: 'grid.441802006001001',
    role: 'gridWorker',
    district: DISTRICT,
    subdistrict: '441802006',
    community: '441802006001',
    cell: '441802006001001',
  },
  leader: { account: 'leader.1', role: 'leader', district: DISTRICT, communities: ['441802006001', '441802007001'] },
  member: { account: 'member.1', role: 'member', district: DISTRICT, communities: ['441802006002'] },
  unitA: { account: 'unit.a', role: 'unit', district: DISTRICT, unit: 'a' },
  unitB: { account: 'unit.b', role: 'unit', district: DISTRICT, unit: 'b' },
  foreign: { account: 'district.441803', role: 'district', district: 441803 },
} as const satisfies Record<string, Actor>;
