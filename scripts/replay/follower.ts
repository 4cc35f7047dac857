/** One socket that follows as one account, comes back after a break with `since`, and keeps what it was told. */
import { WebSocket } from 'ws';
import type { MoveItem, ServerFrame } from '../../src/ws/frames.ts';
import type { Client } from './client.ts';

export class Follower {
  readonly account: string;
  /** seq → how often it came. */
  readonly received = new Map<number, number>();
  /** assignment → how often it rang. */
  readonly rings = new Map<string, number>();
  reconnects = 0;
  lastSeq = 0;
  readonly #client: Client;
  readonly #onMove: (item: MoveItem, atMs: number) => void;
  #epoch: string | undefined;
  #socket: WebSocket | undefined;
  #stopped = false;

  constructor(client: Client, account: string, onMove: (item: MoveItem, atMs: number) => void = () => {}) {
    this.#client = client;
    this.account = account;
    this.#onMove = onMove;
  }

  /** Resolves with the head at which following began. */
  async start(): Promise<number> {
    const token = await this.#client.token(this.account);
    return new Promise((resolve) => this.#connect(token, resolve));
  }

  #connect(token: string, onWelcome: (head: number) => void): void {
    const socket = new WebSocket(`${this.#client.options.url.replace(/^http/, 'ws')}/ws`, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.#socket = socket;
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'follow', ...(this.#epoch === undefined ? {} : { since: this.lastSeq, epoch: this.#epoch }) }));
    });
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString('utf8')) as ServerFrame, onWelcome));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#stopped) return;
      this.reconnects += 1;
      setTimeout(() => this.#connect(token, onWelcome), 100 + Math.floor(Math.random() * 200));
    });
  }

  #take(frame: ServerFrame, onWelcome: (head: number) => void): void {
    const now = performance.now();
    switch (frame.type) {
      case 'welcome':
        if (this.#epoch === undefined) this.lastSeq = frame.head;
        this.#epoch = frame.epoch;
        onWelcome(frame.head);
        return;
      case 'moves':
        for (const item of frame.items) {
          this.received.set(item.seq, (this.received.get(item.seq) ?? 0) + 1);
          this.lastSeq = Math.max(this.lastSeq, item.seq);
          this.#onMove(item, now);
        }
        return;
      case 'ring':
        this.rings.set(frame.assignment, (this.rings.get(frame.assignment) ?? 0) + 1);
        return;
      default:
        return;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
  }
}
