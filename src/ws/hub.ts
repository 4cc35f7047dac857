/**
 * The hub: who gets what, in which order, and what happens to those who do not keep up.
 *
 * A follower is live (each push goes to it) or behind (it has only a cursor and catches up from the feed). It becomes live in the very turn in which its
 * cursor meets the last push, so there is neither a gap nor a double at the seam.
 */
import { maySee } from '../identity/scope.ts';
import { makeSlots } from '../slots.ts';
import { AudienceIndex } from './audience.ts';
import { CatchUp } from './catch-up.ts';
import { byteLength, cutByBytes, encodeFrame, type EncodedMove, type TextFrame } from './encode.ts';
import type { Feed } from './feed.ts';
import { Follower, type Audience, type FollowerIdentity, type Wire } from './follower.ts';
import { CLOSE, type ClientFrame } from './frames.ts';
import { HUB_LIMITS, type HubLimits } from './limits.ts';
import type { PushMetrics } from './metrics.ts';
import type { Inbox, NoticeSignal } from './notices.ts';
import { OpenWork, type OpenAssignment } from './open-work.ts';
import { Repeats, type RingRules } from './repeats.ts';
import type { Ring } from './rings.ts';
import { paceMs, realScheduler, type Scheduler } from './scheduler.ts';
import { NO_SIGNALS, signalsFor, signalsOf, type Signals } from './signals.ts';
import { mayFollow } from './topics.ts';

/** Longest `moves` frame, bytes, where the socket's limit does not ask for a shorter one. */
const LONGEST_FRAME_BYTES = 128 * 1024;
/** `follow` frames that ask the database at the same time: a client that sends them in a loop must not take every connection of the pool. */
const MOST_LOOK_UPS = 4;
const NEVER_AGAIN: RingRules = { now: () => new Date(0), nextRing: () => Infinity, shiftEnds: () => null };
/**
 * Followers looked at before the first of them is written to. What a follower needs lies far apart in memory, and one after the other each would be waited for: looked at
 * together they are fetched together, which saves 7 % of a broadcast to 10,000 (measured).
 */
const READY_TOGETHER = 16;

export interface PushEvidence {
  ringsSent(follower: Follower, rings: readonly Ring[]): void;
  noticesSent(follower: Follower, notices: readonly NoticeSignal[]): void;
  /** A device that rang stopped because the shift of the person at it was over at `since`. */
  ringsHushed(follower: Follower, ringing: readonly OpenAssignment[], since: Date): void;
}

export interface HubDeps {
  readonly feed: Feed;
  /** Keeps the evidence of what was written to a socket; absent: none is kept. */
  readonly evidence?: PushEvidence;
  /** When rings are repeated, and at which devices; absent: never, and every device rings. */
  readonly ringRules?: RingRules;
  readonly metrics?: PushMetrics;
  readonly scheduler?: Scheduler;
  readonly limits?: Partial<HubLimits>;
  readonly onError: (error: unknown) => void;
}

type Follow = Extract<ClientFrame, { type: 'follow' }>;

/** What one push comes to: counted here and told to the metrics once, not for every write. */
interface PushUnderWay {
  readonly signals: ReadonlyMap<Inbox, Signals>;
  readonly ready: { readonly follower: Follower; readonly frames: readonly TextFrame[]; readonly signals: Signals }[];
  /** Past their limit: they catch up instead. */
  readonly full: Follower[];
  writes: number;
  moves: number;
  bytes: number;
}

/** Make it before the feed starts: it has to hear the start. */
export class Hub {
  readonly #feed: Feed;
  readonly #deps: HubDeps;
  readonly #scheduler: Scheduler;
  readonly #limits: HubLimits;
  readonly #index: AudienceIndex;
  readonly #catchUp: CatchUp;
  readonly #lookUps = makeSlots(MOST_LOOK_UPS, Infinity);
  readonly #repeats: Repeats;
  #work = new OpenWork();
  /** Complete, but not yet pushed. */
  #pending: EncodedMove[] = [];
  /** seq of the last push: what every live follower has. */
  #pushed = 0;
  #lastFlush = { atMs: -Infinity, writes: 0 };
  #flushPlanned = false;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#feed = deps.feed;
    this.#index = new AudienceIndex(deps.feed.district);
    this.#scheduler = deps.scheduler ?? realScheduler;
    this.#limits = { ...HUB_LIMITS, ...deps.limits };
    this.#catchUp = new CatchUp({
      feed: deps.feed,
      scheduler: this.#scheduler,
      limits: this.#limits,
      frameBytes: this.#frameBytes,
      pushed: () => this.#pushed,
      goLive: (follower) => {
        follower.live = true;
        this.mark([follower]);
        if (follower.unit !== null) this.#repeats.watch(follower.unit);
      },
      send: (follower, frames, bytes, signals) => this.#send(follower, frames, bytes, signals),
      heard: (follower, signals) => this.#repeats.heard(follower, signals),
      resync: (follower) => this.#resync(follower),
      metrics: deps.metrics,
      onError: deps.onError,
    });
    this.#repeats = new Repeats({
      ...(deps.ringRules ?? NEVER_AGAIN),
      scheduler: this.#scheduler,
      ringing: (unit) => this.#work.ringing(unit),
      devices: (unit) => this.liveAt(`unit:${unit}`),
      send: (follower, signals) => {
        const written = this.signal(follower, signals);
        if (written) this.#deps.metrics?.ringsRepeated.inc(signals.rings.length);
        return written;
      },
      hushed: (follower, ringing, since) => deps.evidence?.ringsHushed(follower, ringing, since),
    });
    deps.feed.onStart(({ head, open }) => this.#restart(head, new OpenWork(open)));
    deps.feed.onMoves((moves) => this.#take(moves));
  }

  get head(): number {
    return this.#pushed;
  }
  get openWork(): OpenWork {
    return this.#work;
  }
  audiences(): Iterable<Audience> {
    return this.#index.all();
  }
  /** Live followers who work at the place. */
  *liveAt(place: Inbox): Iterable<Follower> {
    for (const { followers } of this.#index.at(place)) for (const follower of followers) if (follower.live) yield follower;
  }

  /** How many moves each follower is behind the last push; 0 for a live one. */
  *lags(): Iterable<number> {
    for (const { followers } of this.#index.all()) {
      for (const { live, cursor } of followers) yield live ? 0 : Math.max(0, this.#pushed - cursor);
    }
  }

  /** Rings nobody again. */
  stop(): void {
    this.#repeats.forget();
  }

  join(identity: FollowerIdentity, wire: Wire): Follower {
    return new Follower(identity, wire);
  }

  leave(follower: Follower): void {
    follower.turn++;
    this.#stopFollowing(follower);
  }

  /**
   * Follows from now on, after replaying what was committed since `since`. A later `follow` replaces this one, also while it is under way.
   * Refused topics are named one by one; if none remains nothing is followed.
   */
  async follow(follower: Follower, { topics, since, epoch }: Follow): Promise<void> {
    const turn = ++follower.turn;
    this.#stopFollowing(follower);
    try {
      let granted: readonly string[] | null = null;
      if (topics) {
        const verdict = this.#grant(follower, turn, topics);
        granted = verdict instanceof Promise ? await verdict : verdict;
        if (follower.turn !== turn) return;
        const refused = topics.filter((topic) => !granted!.includes(topic));
        this.control(
          follower,
          refused.map((topic) => encodeFrame({ type: 'error', code: 'not-allowed', topic })),
        );
        if (granted.length === 0 && refused.length > 0) return;
      }
      if (since !== undefined) {
        if (epoch !== undefined && epoch !== this.#feed.epoch) return this.#resync(follower);
        if (since > this.#pushed) {
          // It may come from a node that was quicker than this one.
          await this.#lookUps.run(async () => {
            if (follower.turn === turn) await this.#feed.refresh();
          });
          if (follower.turn !== turn) return;
          this.#flush();
        }
        if (since > this.#pushed || this.#pushed - since > this.#limits.replayMoves) return this.#resync(follower);
      }
      follower.audience = this.#index.add(follower, granted);
      follower.cursor = since ?? this.#pushed;
      follower.ringsFrom = this.#pushed;
      // A welcome without replay says the same as a mark.
      follower.marked = since === undefined ? this.#pushed : since;
      const opening = this.#repeats.opening(follower);
      this.#catchUp.run(follower, { ...opening, frames: [this.#welcome(since ?? null), ...opening.frames] });
    } catch (error) {
      this.#deps.onError(error);
      if (follower.turn === turn) follower.wire.close(CLOSE.restarting, 'database unavailable');
    }
  }

  /** Frames outside the run of moves. A client that makes us talk and never reads is closed like any slow one. */
  control(follower: Follower, frames: readonly TextFrame[]): void {
    if (frames.length === 0) return;
    const bytes = byteLength(frames);
    if (follower.wire.buffered() + bytes > this.#limits.bytesPerSocket) return void follower.wire.close(CLOSE.tooSlow, 'too slow');
    this.#send(follower, frames, bytes, NO_SIGNALS);
  }

  /**
   * Signals outside the run of moves: rings again, notices that waited. One that does not read gets none: the ones before wait for it.
   *
   * @returns whether they were written.
   */
  signal(follower: Follower, signals: Signals): boolean {
    const bytes = byteLength(signals.frames);
    if (follower.wire.buffered() + bytes > this.#limits.bytesPerSocket) return false;
    this.#send(follower, signals.frames, bytes, signals);
    return true;
  }

  /**
   * Tells live followers that they have everything up to the last push. Most moves are not for most sockets: without this, one that comes back would have to name a
   * `since` of long ago, and all since then would be looked through for nothing. Called with the pings.
   */
  mark(followers: Iterable<Follower>): void {
    let frame: TextFrame | null = null;
    for (const follower of followers) {
      if (!follower.live || follower.marked >= this.#pushed || follower.wire.buffered() > this.#limits.bytesPerSocket / 2) continue;
      follower.marked = this.#pushed;
      this.control(follower, [(frame ??= encodeFrame({ type: 'moves', items: [], upTo: this.#pushed }))]);
    }
  }

  get #frameBytes(): number {
    return Math.min(LONGEST_FRAME_BYTES, Math.floor(this.#limits.bytesPerSocket / 4));
  }

  #grant(follower: Follower, turn: number, topics: readonly string[]): readonly string[] | Promise<readonly string[]> {
    const verdicts = topics.map((topic) => mayFollow(follower.actor, topic));
    if (!verdicts.includes('ask')) return topics.filter((_, i) => verdicts[i]);
    const incidentOf = (topic: string) => topic.slice('incident:'.length);
    return this.#lookUps.run(async () => {
      // Replaced by a later `follow`, or left, while it waited.
      if (follower.turn !== turn) return [];
      const places = await this.#feed.placesOf(topics.filter((_, i) => verdicts[i] === 'ask').map(incidentOf));
      return topics.filter((topic, i) => {
        if (verdicts[i] !== 'ask') return verdicts[i];
        const place = places.get(incidentOf(topic));
        return place !== undefined && maySee(follower.actor, place);
      });
    });
  }

  #stopFollowing(follower: Follower): void {
    follower.stopWaiting?.();
    if (follower.audience) this.#index.remove(follower, follower.audience);
    follower.audience = null;
  }

  #resync(follower: Follower): void {
    follower.turn++;
    this.#stopFollowing(follower);
    this.#deps.metrics?.resyncs.inc();
    this.control(follower, [this.#welcome(null), encodeFrame({ type: 'resync', head: this.#pushed })]);
  }

  #welcome(since: number | null): TextFrame {
    return encodeFrame({ type: 'welcome', district: this.#feed.district, epoch: this.#feed.epoch, head: this.#pushed, since });
  }

  #restart(head: number, work: OpenWork): void {
    this.#pending = [];
    this.#pushed = head;
    this.#work = work;
    this.#repeats.forget();
    this.#catchUp.forget();
    for (const audience of [...this.#index.all()]) for (const follower of [...audience.followers]) this.#resync(follower);
  }

  /** A move leaves at once when the last push was cheap or long ago; else it waits for company (see `paceMs`). */
  #take(moves: readonly EncodedMove[]): void {
    this.#pending = this.#pending.length === 0 ? [...moves] : this.#pending.concat(moves);
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    const waitMs = this.#lastFlush.atMs + paceMs(this.#lastFlush.writes) - this.#scheduler.nowMs();
    if (waitMs > 0) this.#scheduler.after(waitMs, () => this.#flush());
    else this.#scheduler.soon(() => this.#flush());
  }

  #flush(): void {
    this.#flushPlanned = false;
    const moves = this.#pending;
    if (moves.length === 0) return;
    this.#pending = [];
    let writes = 0;
    for (const part of cutByBytes(moves, this.#frameBytes)) writes += this.#push(part);
    this.#lastFlush = { atMs: this.#scheduler.nowMs(), writes };
  }

  /** @returns how many sockets were written to. */
  #push(moves: readonly EncodedMove[]): number {
    const before = this.#pushed;
    this.#pushed = moves.at(-1)!.seq;
    for (const { move } of moves) this.#work.apply(move);

    let audiences: Iterable<Audience> = this.#index.match(moves);
    const signals = signalsOf(moves);
    if (signals.size > 0) audiences = new Set([...audiences, ...[...signals.keys()].flatMap((place) => [...this.#index.at(place)])]);

    const push: PushUnderWay = { signals, ready: [], full: [], writes: 0, moves: 0, bytes: 0 };
    for (const audience of audiences) {
      this.#pushTo(audience, push);
      audience.run = null;
    }
    this.#deliver(push);
    this.#deps.metrics?.framesWritten.inc(push.writes);
    this.#deps.metrics?.movesPushed.inc(push.moves);
    this.#deps.metrics?.bytesPushed.inc(push.bytes);
    // After the loop: whoever is live again at once must not be met a second time.
    for (const follower of push.full) {
      follower.live = false;
      follower.cursor = before;
      this.#catchUp.run(follower);
    }
    return push.writes;
  }

  /** Writes to live followers, some at a time; sets aside those past their limit. */
  #pushTo({ run, places, followers }: Audience, push: PushUnderWay): void {
    const own = push.signals.size === 0 ? NO_SIGNALS : signalsFor(places, push.signals);
    const together = (signals: Signals) =>
      run && signals.frames.length === 0 ? run.frames() : [...(run?.frames() ?? []), ...signals.frames];
    const forAll = together(own);
    for (const follower of followers) {
      if (!follower.live) continue;
      // Only where something rings may one device be told otherwise than the next.
      const signals = own.rings.length === 0 ? own : this.#repeats.heard(follower, own);
      const frames = signals === own ? forAll : together(signals);
      const bytes = byteLength(frames);
      const buffered = follower.wire.buffered();
      if (buffered > 0 && buffered + bytes > this.#limits.bytesPerSocket) {
        push.full.push(follower);
        continue;
      }
      if (run) follower.marked = run.lastSeq;
      push.writes++;
      push.moves += run?.length ?? 0;
      push.bytes += bytes;
      push.ready.push({ follower, frames, signals });
      if (push.ready.length === READY_TOGETHER) this.#deliver(push);
    }
  }

  #deliver({ ready }: PushUnderWay): void {
    for (const { follower, frames, signals } of ready) {
      follower.wire.write(frames);
      this.#told(follower, signals);
    }
    ready.length = 0;
  }

  #send(follower: Follower, frames: readonly TextFrame[], bytes: number, signals: Signals): void {
    follower.wire.write(frames);
    this.#deps.metrics?.framesWritten.inc();
    this.#deps.metrics?.bytesPushed.inc(bytes);
    this.#told(follower, signals);
  }

  #told(follower: Follower, { rings, notices }: Signals): void {
    if (rings.length > 0) {
      this.#deps.metrics?.ringsSent.inc(rings.length);
      this.#deps.evidence?.ringsSent(follower, rings);
      this.#repeats.watch(rings[0]!.unit);
    }
    if (notices.length > 0) {
      this.#deps.metrics?.noticesSent.inc(notices.length);
      this.#deps.evidence?.noticesSent(follower, notices);
    }
  }
}
