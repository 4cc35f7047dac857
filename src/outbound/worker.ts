/**
 * Works off what goes out. Any node does, each row on one node at a time; what is due is found in the database, so a node that dies or starts changes nothing.
 *
 * A message may leave twice when a node dies between sending and writing that down. It takes effect once: under the same topic a push service keeps only the last, and
 * under the same tag a device shows one notification.
 */
import type { Counter } from 'prom-client';
import { accountOf } from '../identity/accounts.ts';
import { inboxesOf } from '../ws/notices.ts';
import type { OpenAssignment } from '../ws/open-work.ts';
import { afterSaid, nextOf, type Facts, type Next, type Row } from './decide.ts';
import type { NoticePayload, PushMessage, QuietReason, RingPayload } from './payload.ts';
import type { Claimed, Finished, OutboundRows } from './rows.ts';
import type { Subscriptions } from './subscriptions.ts';
import { hostOf, Ways } from './ways.ts';
import type { Send } from './webpush.ts';

/** What rings, as far as this node has heard. */
export interface RingsNow {
  /** seq of the last move heard. */
  head(): number;
  of(unit: string): readonly OpenAssignment[];
  all(): readonly OpenAssignment[];
  /** The first repetition after `afterMs`, epoch ms. */
  next(level: OpenAssignment['level'], sinceMs: number, afterMs: number): number;
}

export interface WorkerDeps {
  readonly rows: OutboundRows;
  readonly subscriptions: Pick<Subscriptions, 'forget' | 'prune'>;
  readonly rings: RingsNow;
  /** When the shift at a device ended or will end, epoch ms; null: it rings at any time. */
  readonly shiftEnds: (session: string) => number | null;
  readonly send: Send;
  /** The database's time. */
  readonly now: () => Date;
  readonly sent: Counter<'subject' | 'answer'>;
  readonly onFault: (error: unknown) => void;
  /** null: looks only when it is told to. */
  readonly lookEveryMs?: number | null | undefined;
}

/** How late a due row may be found, ms: a push service takes as long itself. */
const LOOK_EVERY_MS = 1_000;
const NOTICES_EVERY_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Rows at a time. */
const BATCH = 50;
/** Longer than a message can be on its way: see `Ways`. */
const LEASE_MS = 60_000;
/** A row whose push service has enough to do is looked at again after this. */
const CROWDED_MS = 5_000;

type Said = Exclude<Next, { do: 'wait' | 'end' }>;
interface ToSay {
  readonly row: Claimed;
  readonly of: Row;
  readonly facts: Facts;
  readonly said: Said;
}

export class Worker {
  readonly #deps: WorkerDeps;
  readonly #ways = new Ways();
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;
  #again: Promise<void> | null = null;
  #stopped = false;
  #noticesMs = -Infinity;
  #prunedMs = -Infinity;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { lookEveryMs = LOOK_EVERY_MS } = this.#deps;
    if (lookEveryMs === null) return;
    this.#timer = setInterval(() => void (this.#working ?? this.#run()), lookEveryMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await (this.#again ?? this.#working);
    await this.#ways.settled();
  }

  /**
   * Works off what is due now, and resolves when it is answered. What became due after a look had begun is found by one more, which all share who came meanwhile; nobody
   * who looks waits for the answers of the look before.
   */
  async work(): Promise<void> {
    await this.#look();
    await this.#ways.settled();
  }

  #look(): Promise<void> {
    if (!this.#working) return this.#run();
    return (this.#again ??= this.#working.then(() => {
      this.#again = null;
      return this.#run();
    }));
  }

  #run(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return (this.#working = this.#workOff()
      .catch(this.#deps.onFault)
      .finally(() => (this.#working = null)));
  }

  async #workOff(): Promise<void> {
    await this.#lookAround();
    for (;;) {
      await this.#ways.room(BATCH);
      const rows = await this.#deps.rows.claim(this.#deps.now(), LEASE_MS, BATCH);
      if (rows.length > 0) await this.#handle(rows);
      if (rows.length < BATCH || this.#stopped) return;
    }
  }

  async #lookAround(): Promise<void> {
    const now = this.#deps.now();
    if (now.getTime() - this.#noticesMs >= NOTICES_EVERY_MS) {
      this.#noticesMs = now.getTime();
      await this.#deps.rows.takeNotices(now);
    }
    if (now.getTime() - this.#prunedMs >= PRUNE_EVERY_MS) {
      this.#prunedMs = now.getTime();
      await this.#deps.subscriptions.prune(now);
      await this.#deps.rows.prune(now);
    }
  }

  async #handle(claimed: readonly Claimed[]): Promise<void> {
    const finished: Finished[] = [];
    const toSay: ToSay[] = [];
    const room = new Map<string, number>();
    for (const row of claimed) {
      const of = rowOf(row);
      const facts = this.#factsOf(row);
      const next = nextOf(of, facts);
      if (next.do !== 'say' && next.do !== 'quiet') {
        finished.push(restOf(row, of, next));
        continue;
      }
      const host = hostOf(row.endpoint!);
      const left = room.get(host) ?? this.#ways.roomFor(row.endpoint!);
      room.set(host, left - 1);
      if (left > 0) toSay.push({ row, of, facts, said: next });
      else finished.push(restOf(row, of, { do: 'wait', untilMs: facts.nowMs + CROWDED_MS, dueMs: of.dueMs }));
    }
    await this.#deps.rows.finish(finished, this.#deps.now());
    await this.#deps.rows.begun(toSay.filter(({ said }) => said.do === 'say').map(({ row }) => row.id));
    for (const one of toSay) this.#ways.take(one.row.endpoint!, () => this.#say(one).catch(this.#deps.onFault));
  }

  async #say({ row, of, facts, said }: ToSay): Promise<void> {
    const { endpoint, p256dh, auth, contact } = row;
    const message = messageOf(row, said);
    const level = (row.payload as RingPayload | null)?.level ?? null;
    const againMs = said.do === 'say' && said.what === 'ring' ? facts.nextRing(facts.nowMs) - facts.nowMs : 0;
    const answer = await this.#deps.send(
      { endpoint: endpoint!, p256dh: p256dh!, auth: auth!, contact: contact! },
      { message, level, againMs },
    );
    this.#deps.sent.inc({ subject: message.type, answer: answer.is });
    const now = this.#deps.now();
    const after = afterSaid(of, said, answer, { ...facts, nowMs: now.getTime() });
    await this.#deps.rows.finish([{ ...after, row, status: answer.status }], now);
    if (answer.is === 'gone') await this.#deps.subscriptions.forget(row.target);
  }

  #factsOf(row: Claimed): Facts {
    const { rings, now, shiftEnds } = this.#deps;
    const ringing = row.assignment === null ? null : rings.of(unitOf(row)).find((open) => open.assignment === row.assignment);
    return {
      nowMs: now().getTime(),
      signedIn: row.signed_in && isOfItsPlace(row),
      known: row.endpoint !== null,
      behind: row.seq !== null && row.seq > rings.head(),
      ring: !ringing ? 'over' : ringing.seq === row.seq ? 'on' : 'replaced',
      shiftEndsMs: shiftEnds(row.session),
      heardMs: row.heard_at?.getTime() ?? null,
      seen: row.seen,
      nextRing: (afterMs) => (ringing ? rings.next(ringing.level, Date.parse(ringing.at), afterMs) : Infinity),
    };
  }
}

/** An account may have been moved since it subscribed: by where it works now. */
const isOfItsPlace = ({ subject, works, recipient }: Claimed): boolean =>
  subject === 'test' || (works !== null && inboxesOf(accountOf(works).actor).some((inbox) => inbox === recipient));

const unitOf = ({ recipient }: Claimed): string => recipient.slice('unit:'.length);

function rowOf({ subject, due_at, queued_at, attempts, retry_at, showing, sends }: Claimed): Row {
  return {
    subject,
    dueMs: due_at.getTime(),
    queuedMs: queued_at.getTime(),
    attempts,
    retryMs: retry_at?.getTime() ?? null,
    showing,
    sends,
  };
}

/** Nothing is said. */
function restOf(row: Claimed, { attempts, retryMs, showing, dueMs }: Row, next: Extract<Next, { do: 'wait' | 'end' }>): Finished {
  const same = { row, attempts, retryMs, showing, sent: false, status: null };
  return next.do === 'wait'
    ? { ...same, outcome: null, nextMs: next.untilMs, dueMs: next.dueMs }
    : { ...same, outcome: next.outcome, nextMs: null, dueMs };
}

function messageOf(row: Claimed, said: Said): PushMessage {
  const told = { id: row.id, lang: row.locale! };
  if (said.do === 'quiet') return quietOf(row, said.why);
  switch (said.what) {
    case 'ring':
      return { ...told, type: 'ring', assignment: row.assignment!, incident: row.incident!, ...(row.payload as RingPayload) };
    case 'notice':
      return {
        ...told,
        type: 'notice',
        seq: row.seq!,
        incident: row.incident,
        recipient: row.recipient,
        ...(row.payload as NoticePayload),
      };
    case 'test':
      return { ...told, type: 'test' };
  }
}

function quietOf(row: Claimed, why: QuietReason): PushMessage {
  return { id: row.id, lang: row.locale!, type: 'quiet', assignment: row.assignment!, incident: row.incident!, why };
}
