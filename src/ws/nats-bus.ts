/** Wake-ups over NATS, for installations that have one: `BUS_URL=nats://host:port`. The same promise as PostgreSQL NOTIFY, at a tenth of its latency under load. */
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Bus } from './bus.ts';

export interface NatsBusDeps {
  /** `nats://host:port` or `tls://host:port`, with a user and password or token where the server wants one. */
  readonly url: string;
  readonly district: number;
  readonly onError: (error: unknown) => void;
}

const RECONNECT_MS = 1_000;

/**
 * Core NATS, at most once: a wake-up that is lost is made up for by the feed's own look at the head. Connects in the background and for as long as it takes, so a
 * node starts and serves without the bus; each time it is back it wakes with null. What is announced in one turn becomes one message with the highest head.
 */
export function natsBus({ url, district, onError }: NatsBusDeps): Bus {
  const subject = `fengming.feed.${district}`;
  const listeners: ((head: number | null) => void)[] = [];
  let connection: NatsConnection | null = null;
  let closed = false;
  let wanted = 0;
  let planned = false;

  const wake = (head: number | null): void => {
    for (const listener of listeners) listener(head);
  };

  const publish = (): void => {
    planned = false;
    if (connection === null || connection.isClosed() || wanted === 0) return;
    try {
      connection.publish(subject, String(wanted));
      wanted = 0;
    } catch (error) {
      onError(error);
    }
  };

  const watch = async (opened: NatsConnection): Promise<void> => {
    for await (const status of opened.status()) {
      if (status.type === 'reconnect') wake(null);
      else if (status.type === 'error') onError(status.error);
    }
  };

  const open = async (): Promise<void> => {
    const { username, password, host } = new URL(url);
    const opened = await connect({
      servers: `${new URL(url).protocol}//${host}`,
      name: 'fengming',
      // Our own wake-ups tell us nothing.
      noEcho: true,
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      ...(username === ''
        ? {}
        : password === ''
          ? { token: decodeURIComponent(username) }
          : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    });
    if (closed) return opened.close();
    connection = opened;
    opened.subscribe(subject, {
      callback: (error, message) => {
        if (error) return onError(error);
        const head = Number(message.string());
        wake(Number.isSafeInteger(head) && head > 0 ? head : null);
      },
    });
    await opened.flush();
    void watch(opened).catch(onError);
    wake(null);
    publish();
  };
  void open().catch(onError);

  return {
    announce(head) {
      if (closed) return;
      wanted = Math.max(wanted, head);
      if (planned) return;
      planned = true;
      setImmediate(publish);
    },
    onWake: (listener) => void listeners.push(listener),
    async close() {
      closed = true;
      const last = connection;
      connection = null;
      await last?.close().catch(onError);
    },
  };
}
