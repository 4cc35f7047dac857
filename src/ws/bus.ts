/**
 * Wake-ups between nodes. Not payloads: one says "there is something up to seq n", the others read the log. A wake-up may be lost (a node can end between
 * its commit and its announcement), so the feed also looks by itself once in a while; the bus only makes it quick.
 */
import type pg from 'pg';
import { realScheduler, type Scheduler } from './scheduler.ts';

export interface Bus {
  /** Call after the commit. Many calls become few announcements: only the highest head counts. */
  announce(head: number): void;
  /** @param listener gets the head that was announced, or null when announcements may have been missed. */
  onWake(listener: (head: number | null) => void): void;
  close(): Promise<void>;
}

/** For one node, and for several feeds in one process. Each has its own end, as it would have its own connection. */
export function inProcessBus(): { join(): Bus } {
  const ends = new Set<{ listeners: ((head: number | null) => void)[] }>();
  return {
    join() {
      const end = { listeners: [] as ((head: number | null) => void)[] };
      ends.add(end);
      return {
        announce(head) {
          for (const other of ends) if (other !== end) for (const listener of other.listeners) queueMicrotask(() => listener(head));
        },
        onWake: (listener) => void end.listeners.push(listener),
        async close() {
          ends.delete(end);
        },
      };
    },
  };
}

export interface NotifyBusDeps {
  /** Opens a connection of its own: LISTEN belongs to a session, a pool would lose it. */
  connect(): Promise<pg.Client>;
  readonly district: number;
  readonly onError: (error: unknown) => void;
  readonly scheduler?: Scheduler;
}

const CHANNEL = 'fengming_feed';
const RECONNECT_MS = 1_000;

/**
 * PostgreSQL LISTEN/NOTIFY over one connection, outside every transaction that matters (inside them, NOTIFY cut commits to a quarter). While one
 * announcement is under way the next heads gather into one. Comes back by itself after a lost connection and then wakes with null.
 */
export function notifyBus(deps: NotifyBusDeps): Bus {
  const scheduler = deps.scheduler ?? realScheduler;
  const listeners: ((head: number | null) => void)[] = [];
  let client: pg.Client | null = null;
  let closed = false;
  let wanted = 0;
  let sending = false;
  let cancelRetry = (): void => {};

  const wake = (head: number | null): void => {
    for (const listener of listeners) listener(head);
  };

  const send = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    try {
      while (client && wanted > 0) {
        const head = wanted;
        wanted = 0;
        await client.query({ name: 'announce', text: 'select pg_notify($1, $2)', values: [CHANNEL, `${deps.district}:${head}`] });
      }
    } catch (error) {
      // The others find it on their own; the connection's end is handled where it is noticed.
      deps.onError(error);
    } finally {
      sending = false;
    }
  };

  const connect = async (): Promise<void> => {
    let opened: pg.Client | null = null;
    const lost = (): void => {
      if (client !== opened || closed) return;
      client = null;
      cancelRetry = scheduler.after(RECONNECT_MS, () => void connect());
    };
    try {
      opened = await deps.connect();
      opened.on('error', (error) => {
        deps.onError(error);
        lost();
      });
      opened.on('end', lost);
      opened.on('notification', ({ payload }) => {
        const [district, head] = (payload ?? '').split(':');
        if (Number(district) === deps.district) wake(Number(head));
      });
      await opened.query(`listen ${CHANNEL}`);
      if (closed) return void opened.end().catch(() => {});
      client = opened;
      wake(null);
      void send();
    } catch (error) {
      deps.onError(error);
      void opened?.end().catch(() => {});
      if (!closed) cancelRetry = scheduler.after(RECONNECT_MS, () => void connect());
    }
  };
  void connect();

  return {
    announce(head) {
      if (closed || head <= wanted) return;
      wanted = head;
      void send();
    },
    onWake: (listener) => void listeners.push(listener),
    async close() {
      closed = true;
      cancelRetry();
      const last = client;
      client = null;
      await last?.end().catch(() => {});
    },
  };
}
