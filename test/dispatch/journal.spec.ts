import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { applyMove } from '../../src/dispatch/chain/fold.ts';
import type { Incident, Move } from '../../src/dispatch/chain/incident.ts';
import { LOGGED_MOVES, moveCheckSql, STATE_NAMES, VERBS } from '../../src/dispatch/chain/states.ts';
import { entryOf, type Entry } from '../../src/dispatch/entry.ts';
import { Journal } from '../../src/dispatch/journal.ts';
import { JOURNAL_OPTIONS } from '../../src/dispatch/journal-statements.ts';
import { carry, DISTRICT, done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

describe('the journal', () => {
  let world: DeskWorld;
  let owner: pg.Client;
  beforeAll(async () => {
    world = await openDeskWorld({ nodes: 2 });
    owner = new pg.Client(world.database.config);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await world.proveLog();
    await world.close();
  });

  /** Ends the connections of that name, as a broken network or a restart would. @returns how many there were. */
  async function cut(name: string): Promise<number> {
    const { rows } = await owner.query(
      'select count(pg_terminate_backend(pid))::int n from pg_stat_activity where application_name = $1 and datname = current_database()',
      [name],
    );
    return rows[0].n;
  }

  const count = async (text: string, values: unknown[] = []) => Number((await world.db.pool.query(text, values)).rows[0].n);

  /** A fresh incident with its hash, to make entries of without the desk. */
  async function subject(): Promise<{ incident: Incident; hash: string }> {
    const { incident, moves } = await carry(world, reportInput(world), []);
    return { incident, hash: moves[0]!.hash };
  }

  /** A comment as an entry; changed fields make it stale or broken. */
  function comment({ incident, hash }: { incident: Incident; hash: string }, changed: Partial<Move> = {}, key = randomUUID()): Entry {
    const move: Move = {
      incident: incident.id,
      version: incident.version + 1,
      verb: 'comment',
      from: incident.state,
      to: incident.state,
      actor: 'community.1',
      at: world.clock.now().toISOString(),
      payload: { text: '看过了' },
      ...changed,
    };
    const next = applyMove(incident, { ...move, from: incident.state, version: incident.version + 1, incident: incident.id });
    return entryOf(move, next, hash, key, randomBytes(32).toString('hex'));
  }

  it('isolates poison commands: their neighbours in the batch stand', async () => {
    const subjects = await Promise.all(Array.from({ length: 50 }, subject));
    const poison = new Map<number, Partial<Move>>([
      [7, { actor: 'a\u0000b' }],
      [23, { to: 'closed' }],
      [41, { at: 'not a time' }],
    ]);
    const results = await Promise.allSettled(subjects.map((s, i) => world.journal.submit(comment(s, poison.get(i)))));
    const refused = results.flatMap((r, i) => (r.status === 'rejected' ? [i] : []));
    expect(refused).toEqual([7, 23, 41]);
    expect(results.filter((r) => r.status === 'fulfilled').map((r) => r.value.kind)).toEqual(Array(47).fill('done'));
  });

  it('writes one of two commands on the same version, and tells the other of the conflict', async () => {
    const s = await subject();
    const answers = await Promise.all(world.nodes.map((node) => node.journal.submit(comment(s))));
    expect(answers.map((a) => a.kind).sort()).toEqual(['conflict', 'done']);
  });

  it('keeps seq gapless with 8 writers over 2 nodes, of whom many lose', async () => {
    const before = await count('select head as n from feed where district = $1', [DISTRICT]);
    const subjects = await Promise.all(Array.from({ length: 10 }, subject));
    let written = 10;
    const writer = async (n: number) => {
      for (let round = 0; round < 40; round++) {
        const s = subjects[(round * 7 + n) % subjects.length]!;
        const entry = comment(s);
        const outcome = await world.nodes[n % 2]!.journal.submit(entry);
        if (outcome.kind !== 'done') continue;
        written++;
        subjects[subjects.indexOf(s)] = { incident: entry.next, hash: entry.hash };
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => writer(n)));
    const after = await count('select head as n from feed where district = $1', [DISTRICT]);
    expect(after - before).toBe(written);
    expect(await count('select count(*) n from move where district = $1 and seq > $2 and seq <= $3', [DISTRICT, before, after])).toBe(
      written,
    );
  });

  it('tells each commit once, in order of seq, over two lanes', async () => {
    const { journal, told } = world;
    const from = told.length;
    const subjects = await Promise.all(Array.from({ length: 400 }, subject));
    await Promise.all(subjects.map((s) => journal.submit(comment(s))));
    // The telling of the last batch follows its answer.
    await new Promise((resolve) => setImmediate(resolve));
    const seqs = told.slice(from).map((m) => m.seq);
    expect(seqs).toHaveLength(800);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(800);
  });

  /** A connection whose answers pass through `pass`, after PostgreSQL has done the work. */
  async function connectionThrough(pass: (work: () => Promise<unknown>) => Promise<unknown>): Promise<pg.Client> {
    const client = await world.db.client('journal', JOURNAL_OPTIONS);
    const query = client.query.bind(client) as (statement: unknown) => Promise<unknown>;
    client.query = ((statement: unknown) => pass(() => query(statement))) as typeof client.query;
    return client;
  }

  it('does not tell a later seq before an earlier one whose answer is still on its way', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const done = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let lanes = 0;
    const connect = () => {
      const lane = lanes++;
      return connectionThrough(async (work) => {
        const answer = await work();
        done[lane]!.resolve();
        await gates[lane]!.promise;
        return answer;
      });
    };
    const journal = new Journal({ district: DISTRICT, connect, lanes: 2, gather: 1 });
    await journal.start();
    const told: number[] = [];
    journal.onCommit((moves) => told.push(...moves.map((m) => m.seq)));
    const [one, two] = [await subject(), await subject()];
    const first = journal.submit(comment(one));
    await done[0]!.promise;
    const second = journal.submit(comment(two));
    await done[1]!.promise;
    gates[1]!.resolve();
    const later = await second;
    expect(told).toEqual([]);
    gates[0]!.resolve();
    const earlier = await first;
    await journal.stop();
    expect([earlier.kind, later.kind]).toEqual(['done', 'done']);
    expect(told).toEqual([(earlier as { seq: number }).seq, (later as { seq: number }).seq]);
    expect(told[1]).toBe(told[0]! + 1);
  });

  it('begins a write as soon as enough is there, half of all at a time, and leaves nobody behind', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const connect = () =>
      connectionThrough(async (work) => {
        begun++;
        await gate.promise;
        return work();
      });
    const written: number[] = [];
    const journal = new Journal({ district: DISTRICT, connect, lanes: 2, gather: 4, observe: ({ commands }) => written.push(commands) });
    await journal.start();
    const subjects = await Promise.all(Array.from({ length: 14 }, subject));
    const answers: Promise<{ kind: string }>[] = [];
    const submit = (count: number): void => {
      for (let i = 0; i < count; i++) answers.push(journal.submit(comment(subjects[answers.length]!)));
    };
    submit(3);
    expect(begun).toBe(0);
    submit(1);
    expect(begun).toBe(1);
    submit(3);
    expect(begun).toBe(1);
    submit(1);
    expect(begun).toBe(2);
    submit(6);
    expect(begun).toBe(2);
    gate.resolve();
    expect((await Promise.all(answers)).map((a) => a.kind)).toEqual(Array(14).fill('done'));
    await journal.stop();
    // In which order they end is the database's to say.
    expect(written.filter((commands) => commands === 4).length).toBeGreaterThanOrEqual(2);
    expect(written.reduce((sum, n) => sum + n)).toBe(14);
  });

  it('goes on by the lane that is up while the other waits for its connection', async () => {
    const back = Promise.withResolvers<void>();
    let connections = 0;
    const connect = async () => {
      const number = connections++;
      if (number === 2) await back.promise;
      return connectionThrough(async (work) => {
        if (number === 0) throw new Error('the connection was cut');
        return work();
      });
    };
    const journal = new Journal({ district: DISTRICT, connect, lanes: 2, gather: 4 });
    await journal.start();
    const subjects = await Promise.all(Array.from({ length: 7 }, subject));
    const submit = (s: Awaited<ReturnType<typeof subject>>) => journal.submit(comment(s));
    const held = subjects.slice(0, 5).map(submit);
    await expect.poll(() => connections).toBe(3);
    // Fewer than are held, and fewer than are worth a second write.
    const free = await Promise.all(subjects.slice(5).map(submit));
    expect(free.map((a) => a.kind)).toEqual(['done', 'done']);
    expect(journal.waiting).toBe(4);
    back.resolve();
    expect((await Promise.all(held)).map((a) => a.kind)).toEqual(Array(5).fill('done'));
    await journal.stop();
  });

  it('recognises its own write when the answer was lost: done, not repeated, and told once', async () => {
    let losses = 0;
    const connect = () =>
      connectionThrough(async (work) => {
        const answer = await work();
        if (losses++ === 0) throw new Error('the connection was cut after the commit');
        return answer;
      });
    const journal = new Journal({ district: DISTRICT, connect, lanes: 1 });
    await journal.start();
    const told: number[] = [];
    journal.onCommit((moves) => told.push(...moves.map((m) => m.seq)));
    const subjects = [await subject(), await subject(), await subject()];
    const entries = subjects.map((s) => comment(s));
    const outcomes = await Promise.all(entries.map((e) => journal.submit(e)));
    await journal.stop();
    expect(losses).toBe(2);
    const seqs = outcomes.map((o) => (o.kind === 'done' ? o.seq : o.kind));
    expect(told).toEqual(seqs);
    const { rows } = await world.db.pool.query('select key, seq from move where key = any($1::uuid[]) order by seq', [
      entries.map((e) => e.key),
    ]);
    expect(rows).toEqual(entries.map((e, i) => ({ key: e.key, seq: seqs[i] })));
  });

  it('knows a key that was used on another version', async () => {
    const s = await subject();
    const key = randomUUID();
    const first = comment(s, {}, key);
    const answer = await world.journal.submit(first);
    const again = comment({ incident: first.next, hash: first.hash }, {}, key);
    expect(await world.journal.submit(again)).toEqual({
      kind: 'repeat',
      seq: (answer as { seq: number }).seq,
      incident: s.incident.id,
      version: 2,
      digest: first.digest,
    });
  });

  it('refuses what does not fit into its queue, and what comes after its end', async () => {
    const journal = new Journal({ district: DISTRICT, connect: () => world.db.client('journal', JOURNAL_OPTIONS), maxQueue: 3, lanes: 1 });
    await journal.start();
    const subjects = await Promise.all(Array.from({ length: 5 }, subject));
    const results = await Promise.allSettled(subjects.map((s) => journal.submit(comment(s))));
    expect(results.map((r) => (r.status === 'rejected' ? (r.reason as Problem).code : r.value.kind))).toEqual([
      'done',
      'done',
      'done',
      'busy',
      'busy',
    ]);
    await journal.stop();
    await expect(journal.submit(comment(subjects[4]!))).rejects.toMatchObject({ code: 'database-unavailable' });
  });

  it('says so when the database is away for too long, and writes again when it is back', async () => {
    let away = false;
    const connect = async () => {
      if (away) throw new Error('connection refused');
      return world.db.client('journal away', JOURNAL_OPTIONS);
    };
    const journal = new Journal({ district: DISTRICT, connect, patienceMs: 0, lanes: 1 });
    await journal.start();
    away = true;
    const s = await subject();
    expect(await cut('fengming journal away')).toBe(1);
    await expect(journal.submit(comment(s))).rejects.toMatchObject({ code: 'database-unavailable' });
    away = false;
    expect(await journal.submit(comment(s))).toMatchObject({ kind: 'done' });
    await journal.stop();
  });

  it('loses and doubles nothing when its connections are cut in mid-flight', async () => {
    const subjects = await Promise.all(Array.from({ length: 60 }, subject));
    const before = world.told.length;
    const acknowledged: string[] = [];
    // By progress, not by time: on a slow machine cuts without pause would leave no write time to end.
    const cuts: Promise<number>[] = [];
    await Promise.all(
      subjects.map(async (s) => {
        let at = s;
        for (let i = 0; i < 25; i++) {
          const entry = comment(at);
          const outcome = await world.journal.submit(entry);
          expect(outcome.kind).toBe('done');
          acknowledged.push(entry.key);
          if (acknowledged.length % 60 === 0) cuts.push(cut('fengming journal'));
          at = { incident: entry.next, hash: entry.hash };
        }
      }),
    );
    expect((await Promise.all(cuts)).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(5);
    expect(acknowledged).toHaveLength(1500);
    expect(await count('select count(*) n from move where key = any($1::uuid[])', [acknowledged])).toBe(1500);
    await new Promise((resolve) => setImmediate(resolve));
    const seqs = world.told.slice(before).map((m) => m.seq);
    expect(seqs).toHaveLength(1500);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  });
});

describe('the log in the database', () => {
  let world: DeskWorld;
  let owner: pg.Client;
  beforeAll(async () => {
    world = await openDeskWorld();
    owner = new pg.Client(world.database.config);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await world.close();
  });

  it('takes every move of the chain’s table and no other: the whole square of state, verb and state', async () => {
    const { rows: defs } = await owner.query(`select pg_get_constraintdef(oid) def from pg_constraint where conname = 'move_in_chain'`);
    const condition = /^CHECK \((.*)\)$/s.exec(defs[0].def)![1]!;
    const from = ['none', ...STATE_NAMES];
    const { rows } = await owner.query(
      `select from_state, verb, to_state, (${condition}) allowed from unnest($1::text[]) from_state, unnest($2::text[]) verb, unnest($3::text[]) to_state`,
      [from, VERBS, STATE_NAMES],
    );
    expect(rows).toHaveLength(from.length * VERBS.length * STATE_NAMES.length);
    const name = (m: { from: string; verb: string; to: string }) => `${m.from} ${m.verb} ${m.to}`;
    const allowed = rows.filter((r) => r.allowed).map((r) => name({ from: r.from_state, verb: r.verb, to: r.to_state }));
    expect(allowed.sort()).toEqual([...new Set(LOGGED_MOVES.map(name))].sort());
  });

  it('has the very text that the table gives', async () => {
    const { rows } = await owner.query(`select prosrc from pg_proc where proname = 'in_chain'`);
    const plain = (sql: string) =>
      sql
        .replace(/\s+/g, ' ')
        .replace(/ ?([{}]) ?/g, '$1')
        .trim();
    expect(plain(rows[0].prosrc)).toBe(plain(moveCheckSql()));
  });

  it('refuses a forged move', async () => {
    const { incident } = await carry(world, reportInput(world), []);
    const forged = `insert into move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
      select district, seq + 1, incident, version + 1, 'confirmClose', 'reported', 'closed', level, actor, at, payload, hash, gen_random_uuid(), digest
      from move where incident = $1`;
    await expect(owner.query(forged, [incident.id])).rejects.toMatchObject({ code: '23514', constraint: 'move_in_chain' });
  });

  it('is append-only for everybody', async () => {
    await carry(world, reportInput(world), []);
    for (const text of ['update move set actor = actor', 'delete from move', 'truncate move']) {
      await expect(owner.query(text)).rejects.toMatchObject({ code: '23001' });
      await expect(world.db.pool.query(text)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(world.db.pool.query('delete from incident')).rejects.toMatchObject({ code: '42501' });
  });

  it('can be checked by PostgreSQL alone: the hash chain as SQL', async () => {
    const { people } = world;
    const last = await carry(world, reportInput(world), [
      [people.community, { verb: 'comment', text: '“引号”、\\ 与换行\n' }],
      [people.community, { verb: 'call' }],
    ]);
    const { rows } = await owner.query(
      `select hash = sha256(coalesce(lag(hash) over (order by version), ''::bytea) || convert_to(concat_ws(E'\\n', district, incident, version, verb,
         from_state, to_state, actor, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), payload::text), 'UTF8')) whole
       from move where incident = $1`,
      [last.incident.id],
    );
    expect(rows).toEqual([{ whole: true }, { whole: true }, { whole: true }]);
  });

  it('is one row’s work to update: an ordinary move touches no index', async () => {
    // A database of its own: PostgreSQL counts by table, and may count what came before late.
    const own = await openDeskWorld({ nodes: 1 });
    const reader = new pg.Client(own.database.config);
    await reader.connect();
    const { incident } = await carry(own, reportInput(own), []);
    for (let i = 0; i < 20; i++)
      done(await own.desk.move(incident.id, { verb: 'comment', text: `${i}` }, own.people.community, randomUUID()));
    // Its connections tell what they did when they end.
    await own.journal.stop();
    const { rows } = await reader.query(`select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = 'incident'`);
    await reader.end();
    await own.close();
    expect(rows[0].n_tup_upd).toBe('20');
    // A move that touched an index would count for none of the twenty; a page that is full, and may not be tidied while somebody reads, costs one.
    expect(Number(rows[0].n_tup_hot_upd)).toBeGreaterThanOrEqual(18);
  });
});
