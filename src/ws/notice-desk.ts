/** Notices of one node: to the sockets of a place what waits there, what no move tells, and that somebody has seen it. */
import type { Actor } from '../identity/actor.ts';
import { encodeFrame } from './encode.ts';
import type { Follower } from './follower.ts';
import type { Hub } from './hub.ts';
import type { Announcement, InboxStore } from './inbox.ts';
import type { NoticeLog } from './notice-log.ts';
import { inboxesOf, signalOf, type Inbox, type Notice } from './notices.ts';
import { every, realScheduler, type Scheduler } from './scheduler.ts';

export interface NoticeDeskDeps {
  readonly hub: Hub;
  readonly log: NoticeLog;
  readonly inbox: InboxStore;
  /** The database's time. */
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly scheduler?: Scheduler;
}

/** What another node tells outside the log reaches the sockets of this one at most this much later, ms: nothing of it is a matter of seconds. */
const LOOK_EVERY_MS = 5_000;
const MOST_AT_A_LOOK = 200;
/** Numbers are handed out before they are committed: this far back a look also finds those that came late. */
const OVERLAP = 50;

export class NoticeDesk {
  readonly #deps: NoticeDeskDeps;
  readonly #scheduler: Scheduler;
  /** The lowest seq told outside the log that this node has passed on. */
  #lowest = 0;
  #passedOn = new Set<string>();
  #looking: Promise<void> | null = null;
  #stopLooking = (): void => {};

  constructor(deps: NoticeDeskDeps) {
    this.#deps = deps;
    this.#scheduler = deps.scheduler ?? realScheduler;
  }

  async start(): Promise<void> {
    this.#lowest = await this.#deps.inbox.lowest();
    // Those of before the start are in the inboxes: whoever comes is sent them from there.
    for (const notice of await this.#deps.inbox.toldAfter(this.#lowest + OVERLAP, MOST_AT_A_LOOK)) this.#passedOn.add(nameOf(notice));
    this.#stopLooking = every(this.#scheduler, LOOK_EVERY_MS, () => this.look(), this.#deps.onError);
  }

  async stop(): Promise<void> {
    this.#stopLooking();
    await this.#looking;
  }

  /** Sends somebody who has just begun to follow what nobody at the place has seen yet; later ones come with their moves. */
  async greet(follower: Follower): Promise<void> {
    const places = follower.audience?.places ?? [];
    if (places.length === 0) return;
    const { turn, ringsFrom } = follower;
    // Before the table is asked: what is written meanwhile is in one of the two.
    const unwritten = [...this.#deps.log.unwritten()].filter((n) => places.includes(n.recipient));
    const written = await this.#deps.inbox.openIn(places);
    if (follower.turn !== turn) return;
    const open = new Map([...written, ...unwritten].map((notice) => [nameOf(notice), notice]));
    const notices = [...open.values()].filter((n) => n.seq <= ringsFrom).map(signalOf);
    if (notices.length > 0) this.#deps.hub.signal(follower, { frames: notices.map((n) => n.frame), rings: [], notices });
  }

  /** @returns the seqs that lie in the actor's own inboxes: they are seen now, or were before. */
  async acknowledge(actor: Actor, sessionId: string, seqs: readonly number[]): Promise<readonly number[]> {
    const places = inboxesOf(actor);
    const seen = await this.#deps.inbox.acknowledge(places, seqs, { account: actor.account, sessionId }, this.#deps.now());
    if (seen.length > 0)
      this.#sendAt(places, (follower) => this.#deps.hub.control(follower, [encodeFrame({ type: 'acknowledged', seqs: seen })]));
    return seen;
  }

  /** Tells places what no move tells. Once it resolves it is in their inboxes, and their sockets on this node have it. */
  async tell(announcement: Announcement): Promise<void> {
    await this.#deps.inbox.tell(announcement, this.#deps.now());
    await this.look();
  }

  /** Passes on what was told outside the log, here or on another node. */
  look(): Promise<void> {
    const looking = (this.#looking ?? Promise.resolve()).then(() => this.#passOn());
    // Whoever looks next waits for it, and does not fail with it.
    const ended = looking.catch(() => undefined).then(() => void (this.#looking === ended && (this.#looking = null)));
    this.#looking = ended;
    return looking;
  }

  async #passOn(): Promise<void> {
    const told = await this.#deps.inbox.toldAfter(Math.min(0, this.#lowest + OVERLAP), MOST_AT_A_LOOK);
    for (const notice of told) {
      if (this.#passedOn.has(nameOf(notice))) continue;
      const signal = signalOf(notice);
      this.#sendAt([notice.recipient], (follower) =>
        this.#deps.hub.signal(follower, { frames: [signal.frame], rings: [], notices: [signal] }),
      );
    }
    this.#passedOn = new Set(told.map(nameOf));
    this.#lowest = Math.min(this.#lowest, told.at(-1)?.seq ?? 0);
  }

  #sendAt(places: readonly Inbox[], send: (follower: Follower) => void): void {
    for (const place of places) for (const follower of this.#deps.hub.liveAt(place)) send(follower);
  }
}

const nameOf = ({ seq, recipient }: Pick<Notice, 'seq' | 'recipient'>): string => `${seq} ${recipient}`;
