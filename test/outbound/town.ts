/** Two nodes on one database, with people who are signed in and browsers that they subscribed: time stands still until it is moved. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { pushKeyOf } from '../../src/outbound/keys.ts';
import { outboundRoutes } from '../../src/outbound/routes.ts';
import { type Outbound, startOutbound } from '../../src/outbound/start.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { PushedMove } from '../../src/ws/encode.ts';
import { OpenWork } from '../../src/ws/open-work.ts';
import { pushesOf } from '../../src/ws/pushes.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type FakeBrowser, PushService } from '../support/push-service.ts';
import { LogWriter, makeFeed } from '../ws/support/log-writer.ts';
import { DISTRICT, type Draft } from '../ws/support/story.ts';
import { newRouter } from '../../src/router.ts';

export const EVERY_MS = 60_000;
export const HOUR_MS = 3_600_000;

export interface Node {
  readonly outbound: Outbound;
  /** Moves that this node has not heard of yet stay away from it. */
  hear(moves: readonly PushedMove[]): void;
}

export interface Device {
  readonly session: string;
  readonly browser: FakeBrowser;
}

export class Town {
  readonly database: TestDatabase;
  readonly service: PushService;
  readonly errors: unknown[] = [];
  /** When shifts end, by session, epoch ms. */
  readonly shifts = new Map<string, number>();
  readonly nodes: Node[] = [];
  readonly #writer: LogWriter;
  readonly #ended: ((session: string) => void)[] = [];
  readonly #moved: ((session: string, actor: Actor) => void)[] = [];
  readonly #actors = new Map<string, Actor>();
  #nowMs = Date.parse('2026-03-02T02:00:00.000Z');
  #devices = 0;

  private constructor(database: TestDatabase, service: PushService) {
    this.database = database;
    this.service = service;
    this.#writer = new LogWriter(database.db.pool);
  }

  static async build(nodes = 2): Promise<Town> {
    const database = await openTestDatabase();
    await makeFeed(database.db.pool);
    const { publicKey } = await pushKeyOf(database.db.kysely, DISTRICT);
    const town = new Town(database, await PushService.start(publicKey));
    for (let i = 0; i < nodes; i++) await town.startNode();
    return town;
  }

  now = (): Date => new Date(this.#nowMs);
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** @param open  what the node finds at its start. */
  async startNode(open = new OpenWork()): Promise<Node> {
    let head = Math.max(0, ...open.allRinging().map((a) => a.seq));
    const outbound = await startOutbound({
      db: this.database.db,
      district: DISTRICT,
      now: this.now,
      rings: {
        head: () => head,
        of: (unit) => open.ringing(unit),
        all: () => open.allRinging(),
        next: (_, sinceMs, afterMs) => sinceMs + (Math.floor((afterMs - sinceMs) / EVERY_MS) + 1) * EVERY_MS,
      },
      shiftEnds: (session) => this.shifts.get(session) ?? null,
      sessions: {
        onEnded: (listener) => {
          this.#ended.push(listener);
          return () => undefined;
        },
        onMoved: (listener) => {
          this.#moved.push(listener);
          return () => undefined;
        },
      },
      registry: new Registry(),
      onFault: (error) => void this.errors.push(error),
      anywhere: true,
      lookEveryMs: null,
    });
    const node: Node = {
      outbound,
      hear(moves) {
        for (const move of moves) {
          open.apply(move);
          head = move.seq;
        }
        outbound.noticed(moves);
      },
    };
    this.nodes.push(node);
    return node;
  }

  /** Commits, now; every node hears of it, or only those named. */
  async happens(drafts: readonly Draft[], nodes: readonly Node[] = this.nodes): Promise<PushedMove[]> {
    const moves = await this.#writer.commit(drafts.map((draft) => ({ ...draft, at: this.now().toISOString() })));
    for (const node of nodes) node.hear(moves);
    return moves;
  }

  /** All nodes at the same moment, as often as anything is due. */
  async work(): Promise<void> {
    await Promise.all(this.nodes.map(({ outbound }) => outbound.work()));
  }

  /** The account of the session works elsewhere from now on; every node is told. */
  async moves(session: string, actor: Actor): Promise<void> {
    await this.database.db.pool.query('update account set communities = $3 where district = $1 and account = $2', [
      DISTRICT,
      actor.account,
      actor.communities ?? null,
    ]);
    for (const listener of this.#moved) listener(session, actor);
  }

  async signIn(actor: Actor): Promise<string> {
    const { pool } = this.database.db;
    await pool.query(
      `insert into account (district, account, role, name_zh, name_en, unit, cell, community, subdistrict, communities, password_hash)
       values ($1, $2, $3, '名', 'Name', $4, $5, $6, $7, $8, 'x') on conflict do nothing`,
      [
        DISTRICT,
        actor.account,
        actor.role,
        actor.unit ?? null,
        actor.cell ?? null,
        actor.community ?? null,
        actor.subdistrict ?? null,
        actor.communities ?? null,
      ],
    );
    const session = randomUUID();
    await pool.query('insert into session (district, id, token_hash, account, expires_at) values ($1, $2, $3, $4, $5)', [
      DISTRICT,
      session,
      randomBytes(32),
      actor.account,
      new Date(this.#nowMs + 12 * HOUR_MS),
    ]);
    this.#actors.set(session, actor);
    return session;
  }

  /** Signs in and switches web push on. */
  async device(actor: Actor, browser = this.service.browser(`${++this.#devices}`)): Promise<Device> {
    const session = await this.signIn(actor);
    await this.subscribe(session, browser);
    return { session, browser };
  }

  async subscribe(session: string, browser: FakeBrowser, node = this.nodes[0]!): Promise<number> {
    const response = await this.ask(session, 'POST', '/push/subscriptions', browser.subscription, node);
    return response.status;
  }

  /** As a page of this session asks. */
  async ask(session: string, method: string, path: string, body?: object, node = this.nodes[0]!): Promise<Response> {
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', this.#actors.get(session)!);
      c.set('sessionId', session);
      await next();
    });
    app.route('/', outboundRoutes(node.outbound));
    return app.request(path, {
      method,
      headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (Linux; Android 15) Chrome/140', host: 'fengming.example' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async signOut(session: string): Promise<void> {
    await this.database.db.pool.query('update session set ended_at = $2 where id = $1', [session, this.now()]);
    for (const listener of this.#ended) listener(session);
  }

  /** The socket of a device had the ring, and the page said so. */
  async socketHeard(move: PushedMove, assignment: string, session: string): Promise<void> {
    await this.database.db.pool.query(
      `insert into push (district, seq, assignment, session, incident, unit, account, device, queued_at, sent_at, delivered_at)
       values ($1, $2, $3, $4, $5, 'a', 'unit.a', 'phone', $6, $6, $6)`,
      [DISTRICT, move.seq, assignment, session, move.incident, this.now()],
    );
  }

  /** The push evidence of web pushes alone. */
  async evidence(incident: string) {
    return (await pushesOf(this.database.db.pool, DISTRICT, incident)).filter((p) => p.channel === 'webpush');
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ outbound }) => outbound.stop()));
    await this.service.stop();
    await this.database.drop();
  }
}
