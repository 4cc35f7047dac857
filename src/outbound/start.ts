/** What goes out to devices whose page is closed, put together: who is to be reached, what is told, and the sending of it. */
import { Counter, type Registry } from 'prom-client';
import type { Database } from '../db/connect.ts';
import type { Actor } from '../identity/actor.ts';
import type { PushedMove } from '../ws/encode.ts';
import { Feeder } from './feeder.ts';
import { pushKeyOf } from './keys.ts';
import { OutboundRows } from './rows.ts';
import { type NewSubscription, Subscriptions } from './subscriptions.ts';
import { webPushSender } from './webpush.ts';
import { type RingsNow, Worker } from './worker.ts';

export interface OutboundDeps {
  readonly db: Database;
  readonly district: number;
  /** The database's time. */
  readonly now: () => Date;
  readonly rings: RingsNow;
  /** When the shift of the person at this session ends, epoch ms. null: it rings always; past: it does not ring. */
  readonly shiftEnds: (session: string) => number | null;
  /** Tells of each session that was ended or ran out, or whose account was given other places; returns the way to stop listening. */
  readonly sessions: {
    onEnded(listener: (session: string) => void): () => void;
    onMoved(listener: (session: string, actor: Actor) => void): () => void;
  };
  readonly registry: Registry;
  readonly onFault: (error: unknown) => void;
  /** Sends to any address, also without https: for a push service of a test. */
  readonly anywhere?: boolean | undefined;
  /** null: what is due is looked for only by `work`. */
  readonly lookEveryMs?: number | null | undefined;
}

export interface Outbound {
  /** To which browsers bind their subscription. */
  readonly publicKey: string;
  /** Any address will do. */
  readonly anywhere: boolean;
  /** @returns the subscription's id. */
  subscribe(subscription: NewSubscription): Promise<string>;
  unsubscribe(session: string): Promise<void>;
  /** Has one push sent to the device. @returns its id; null when the session has no subscription. */
  test(session: string): Promise<number | null>;
  /** A device says how far a message has come. */
  received(session: string, id: number, stage: 'delivered' | 'shown'): Promise<void>;
  /** Moves of any node, in order of seq, each once. */
  noticed(moves: readonly PushedMove[]): void;
  /** Takes in what was noticed and works off what is due now, without waiting for the next look. */
  work(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws when the database cannot be reached. */
export async function startOutbound(deps: OutboundDeps): Promise<Outbound> {
  const { db, district, now, rings, shiftEnds, sessions, registry, onFault, anywhere = false, lookEveryMs } = deps;
  const key = await pushKeyOf(db.kysely, district);
  const rows = new OutboundRows(db.pool, district);
  const subscriptions = new Subscriptions(db.kysely, district);
  const sent = new Counter({
    name: 'fengming_outbound_sent_total',
    help: 'Messages handed to push services, by what they say and what the service answered',
    labelNames: ['subject', 'answer'],
    registers: [registry],
  });
  const worker = new Worker({ rows, subscriptions, rings, shiftEnds, send: webPushSender(key, anywhere), now, sent, onFault, lookEveryMs });
  const feeder = new Feeder({ rows, now, ringing: () => rings.all(), taken: () => void worker.work(), onFault });

  const end = async (session: string): Promise<void> => {
    await subscriptions.end(session, now());
    await rows.wakeSession(session, now());
    await worker.work();
  };
  const follow = async (session: string, actor: Actor): Promise<void> => {
    if (await subscriptions.move(session, actor)) feeder.takeAll();
  };
  const stopListening = [
    sessions.onEnded((session) => void end(session).catch(onFault)),
    sessions.onMoved((session, actor) => void follow(session, actor).catch(onFault)),
  ];
  worker.start();
  feeder.takeAll();

  return {
    publicKey: key.publicKey,
    anywhere,
    async subscribe(subscription) {
      const { id, begins } = await subscriptions.keep(subscription, now());
      // What rings already rings on it too, should its page be closed. Not when it is renewed, as each opening of the page does: that rings there already.
      if (begins) feeder.takeAll();
      return id;
    },
    unsubscribe: end,
    async test(session) {
      const id = await rows.takeTest(session, now());
      void worker.work();
      return id;
    },
    received: (session, id, stage) => rows.received(session, id, stage, now()),
    noticed: (moves) => feeder.noticed(moves),
    async work() {
      await feeder.settled();
      await worker.work();
    },
    async stop() {
      for (const stop of stopListening) stop();
      await feeder.stop();
      await worker.stop();
    },
  };
}
