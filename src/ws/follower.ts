/** One socket as the hub sees it: who it is, how far it has got, and whether it keeps up. */
import type { Actor } from '../identity/actor.ts';
import type { TextFrame } from './encode.ts';
import type { Inbox } from './notices.ts';
import type { Run } from './run.ts';

/** The way out. The hub knows no sockets, so that its rules are tested without them. */
export interface Wire {
  /** Bytes handed over that the kernel has not taken yet. */
  buffered(): number;
  /** Whole frames, in order, in one piece. */
  write(frames: readonly TextFrame[]): void;
  /** Calls back once when the kernel has taken everything. */
  onceDrained(callback: () => void): void;
  close(code: number, reason: string): void;
}

export interface FollowerIdentity {
  readonly actor: Actor;
  readonly sessionId: string;
  /** What people call it, for the evidence: `Android · Chrome`. */
  readonly device: string;
}

export class Follower {
  readonly actor: Actor;
  readonly sessionId: string;
  readonly device: string;
  readonly wire: Wire;
  /** null: follows nothing yet. */
  audience: Audience | null = null;
  /** Has got everything up to the last push; else it is behind, or follows nothing. */
  live = false;
  /** While behind: the last seq that it was sent, or that is not for it. While live the hub's own seq counts. */
  cursor = 0;
  /** What rang at this seq was rung at the welcome: only later moves ring or quiet. */
  ringsFrom = 0;
  /** Highest seq that it was told it has everything up to. */
  marked = 0;
  /** A unit's device whose shift is over, and that was told so: all is quiet there. */
  hushed = false;
  /** seqs of the notices that it was sent lately: its receipts for these count. null: none, as for most. */
  noticed: Set<number> | null = null;
  /** Goes up with each `follow` and at the end: what is still under way for an earlier one gives up. */
  turn = 0;
  /** Ends the wait for the wire to drain, if there is one. */
  stopWaiting: (() => void) | null = null;

  constructor(identity: FollowerIdentity, wire: Wire) {
    this.actor = identity.actor;
    this.sessionId = identity.sessionId;
    this.device = identity.device;
    this.wire = wire;
  }

  /** Set for the devices of a responding unit: they ring. */
  get unit(): string | null {
    return this.actor.role === 'unit' ? (this.actor.unit ?? null) : null;
  }
}

/** Everybody with the same account and the same topics. */
export interface Audience {
  readonly key: string;
  readonly actor: Actor;
  /** null: all that the actor may see. */
  readonly topics: readonly string[] | null;
  readonly keys: readonly string[];
  /** Where the account works, as it can be told. */
  readonly places: readonly Inbox[];
  /** Everybody who follows as this audience, live or behind. Mostly one: a list, because a set of one takes 200 bytes. */
  followers: Follower[];
  /** seq of the last move looked at: a move that matches by two keys counts once. */
  lastSeq: number;
  /** What it gets from the push under way. */
  run: Run | null;
}
