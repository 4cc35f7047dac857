/** The tables of states are the law: the database allows what they have, and nothing else. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAWS } from '../../src/cobuild/chain/laws.ts';
import { lawSql, PARTS, permit, stateNames, verbsFor } from '../../src/cobuild/chain/table.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = new pg.Client(database.config);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

describe.each(LAWS.map((law) => [law.kind, law] as const))('%s', (kind, law) => {
  it('is what the database checks', async () => {
    const { rows } = await owner.query<{ prosrc: string }>('select prosrc from pg_proc where proname = $1', [`in_cobuild_${kind}`]);
    expect(plain(rows[0]?.prosrc ?? '')).toBe(plain(lawSql(law)));
    const { rows: checks } = await owner.query<{ def: string }>(
      'select pg_get_constraintdef(oid) as def from pg_constraint where conname = $1',
      [`cobuild_${kind}_law`],
    );
    expect(checks[0]?.def).toContain(`in_cobuild_${kind}(`);
  });

  it('lets the log record no other move', async () => {
    const forged = owner.query(
      `insert into cobuild_move (district, kind, object, version, verb, from_state, to_state, actor, at, payload)
       values (1, $1, 'x', 1, 'forge', 'none', $2, 'nobody', now(), '{}')`,
      [kind, law.states.at(-1)!.name],
    );
    await expect(forged).rejects.toMatchObject({ code: '23514', constraint: `cobuild_${kind}_law` });
  });

  it('has each state × each verb: in the table, or refused', () => {
    const everybody = new Set(PARTS.filter((part) => part !== 'formerMember'));
    const verbs = [...new Set(law.moves.map((move) => move.verb))];
    for (const state of ['none', ...stateNames(law)]) {
      for (const verb of verbs) {
        const row = law.moves.find((move) => move.from === state && move.verb === verb);
        const permitted = permit(law, state, verb, everybody);
        expect(permitted.ok ? permitted.move : permitted.code, `${state} ${verb}`).toEqual(row ?? 'no-such-move');
        if (row === undefined) continue;
        // Whoever is none of those named is refused.
        const others = new Set(PARTS.filter((part) => !row.by.includes(part) && part !== 'formerMember'));
        const byOthers = permit(law, state, verb, others);
        const alsoNamed = law.moves.some((move) => move.from === state && move.verb === verb && move.by.some((part) => others.has(part)));
        if (!alsoNamed) expect(byOthers).toMatchObject({ ok: false, code: 'not-yours' });
      }
    }
  });

  it('ends: from an end nothing follows but what opens it again', () => {
    for (const state of law.states.filter((row) => row.end)) {
      const verbs = verbsFor(law, state.name, new Set(PARTS));
      expect(['reopen', 'correct'], `${state.name}: ${verbs.join()}`).toEqual(expect.arrayContaining(verbs));
    }
  });
});

describe('日志 (the log)', () => {
  it('is append-only, for the service and for the owner', async () => {
    await owner.query(
      `insert into cobuild_move (district, kind, object, version, verb, from_state, to_state, actor, at, payload)
       values (1, 'committee', 'x', 1, 'found', 'none', 'active', 'nobody', now(), '{}')`,
    );
    for (const change of [`update cobuild_move set actor = 'other'`, 'delete from cobuild_move', 'truncate cobuild_move']) {
      await expect(owner.query(change), change).rejects.toMatchObject({ code: '23001' });
      await expect(database.db.pool.query(change), change).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('has each version of an object once', async () => {
    const again = owner.query(
      `insert into cobuild_move (district, kind, object, version, verb, from_state, to_state, actor, at, payload)
       values (1, 'committee', 'x', 1, 'found', 'none', 'active', 'nobody', now(), '{}')`,
    );
    await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'cobuild_move_version' });
  });
});
