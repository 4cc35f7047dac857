import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disableAccount } from '../../src/identity/accounts.ts';
import { ACCOUNT_TRIES, ADDRESS_TRIES, TRIES_WINDOW_MS } from '../../src/identity/tries.ts';
import { DISTRICT, type House, openHouse, PASSWORD, PEOPLE } from '../app/house.ts';

const NAME = PEOPLE.community.account;
const HERE = '10.0.0.1';
let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const wrong = (name: string = NAME, from = HERE) => house.sessions.signIn(name, 'not the password', from);
const right = (name: string = NAME, from = HERE) => house.sessions.signIn(name, PASSWORD, from);
const times = async (n: number, one: (i: number) => Promise<unknown>) => {
  for (let i = 0; i < n; i++) await one(i);
};

describe('signing in', () => {
  it('opens a session for the right password and says who, where and what may be done', async () => {
    expect(await right()).toMatchObject({
      ok: true,
      token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      me: {
        account: NAME,
        role: 'community',
        subdistrict: '441802006',
        community: '441802006001',
        may: expect.arrayContaining(['report', 'move']),
      },
    });
  });

  it('keeps only the sha-256 of the token', async () => {
    const result = await right();
    const rows = await house.test.db.pool.query('select to_jsonb(s)::text as row from session s');
    expect(rows.rows).toHaveLength(1);
    expect(rows.rows[0].row).not.toContain((result as { token: string }).token);
  });

  it('gives an unknown, a closed and a known account the same answer to a wrong password', async () => {
    await disableAccount(house.test.db.kysely, DISTRICT, PEOPLE.unit.account);
    const known = await wrong();
    expect(known).toEqual({ ok: false, code: 'wrong-credentials', triesLeft: ACCOUNT_TRIES - 1, waitMs: 0 });
    expect(await wrong('nobody.at.all', '10.0.0.2')).toEqual(known);
    expect(await right(PEOPLE.unit.account, '10.0.0.3')).toEqual(known);
  });

  it.each(['__proto__', 'constructor', "' or 1=1 --", NAME.toUpperCase()])('knows no account called %s', async (name) => {
    expect(await right(name)).toMatchObject({ ok: false, code: 'wrong-credentials' });
  });

  it('does not take a damaged hash for any password', async () => {
    await house.test.db.kysely.updateTable('account').set({ password_hash: '' }).where('account', '=', NAME).execute();
    expect(await house.sessions.signIn(NAME, '', HERE)).toMatchObject({ ok: false, code: 'wrong-credentials' });
  });
});

describe('lock-out', () => {
  it('counts down, then locks the account for the right password too, and says for how long', async () => {
    const left: unknown[] = [];
    await times(ACCOUNT_TRIES, async () => left.push(await wrong()));
    expect(left).toMatchObject([4, 3, 2, 1, 0].map((triesLeft) => ({ code: 'wrong-credentials', triesLeft })));
    const locked = await right();
    expect(locked).toMatchObject({ ok: false, code: 'too-many-attempts' });
    const { waitMs } = locked as { waitMs: number };
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(TRIES_WINDOW_MS);
  });

  it('counts twenty wrong tries at the same moment exactly: five are checked, fifteen are not', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => wrong(NAME, `10.1.0.${i}`)));
    const codes = answers.map((answer) => (answer.ok ? 'signed in' : answer.code)).sort();
    expect(codes).toEqual([...Array(15).fill('too-many-attempts'), ...Array(5).fill('wrong-credentials')]);
  });

  it('counts exactly over two nodes too', async () => {
    const other = await house.secondNode();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? house.sessions : other).signIn(NAME, 'not the password', `10.1.0.${i}`)),
    );
    expect(answers.filter((answer) => !answer.ok && answer.code === 'wrong-credentials')).toHaveLength(ACCOUNT_TRIES);
  });

  it('is not forgotten by a restart', async () => {
    await times(ACCOUNT_TRIES, () => wrong());
    const restarted = await house.secondNode();
    expect(await restarted.signIn(NAME, PASSWORD, HERE)).toMatchObject({ code: 'too-many-attempts' });
  });

  it('ends when the tries are a quarter of an hour old', async () => {
    await times(ACCOUNT_TRIES, () => wrong());
    await house.moveTime(TRIES_WINDOW_MS - 60_000);
    expect(await right()).toMatchObject({ code: 'too-many-attempts' });
    await house.moveTime(TRIES_WINDOW_MS + 1_000);
    expect(await right()).toMatchObject({ ok: true });
  });

  it('never leaves more than five tries in any quarter of an hour', async () => {
    await wrong();
    await house.moveTime(TRIES_WINDOW_MS - 60_000);
    await times(4, () => wrong());
    // The first has left the window: one try comes back, not five.
    await house.moveTime(TRIES_WINDOW_MS + 1_000);
    expect(await wrong()).toMatchObject({ code: 'wrong-credentials', triesLeft: 0 });
    expect(await wrong()).toMatchObject({ code: 'too-many-attempts' });
  });

  it('starts anew after the right password', async () => {
    await times(ACCOUNT_TRIES - 1, () => wrong());
    expect(await right()).toMatchObject({ ok: true });
    expect(await wrong()).toMatchObject({ triesLeft: ACCOUNT_TRIES - 1 });
  });

  it('stops one address from trying or locking one account after the other', async () => {
    await times(ADDRESS_TRIES, (i) => wrong(`somebody.${Math.floor(i / ACCOUNT_TRIES)}`));
    expect(await wrong('yet.another')).toMatchObject({ code: 'too-many-attempts' });
    expect(await right(NAME, '10.0.0.2')).toMatchObject({ ok: true });
  });

  it('does not hold right passwords against an address: an office signs in at once', async () => {
    const names = Object.values(PEOPLE).map((who) => who.account);
    const answers = await Promise.all(Array.from({ length: ADDRESS_TRIES + 20 }, (_, i) => right(names[i % names.length])));
    expect(answers.filter((answer) => !answer.ok)).toEqual([]);
    expect(await wrong()).toMatchObject({ triesLeft: ACCOUNT_TRIES - 1 });
  });

  it('keeps neither names nor addresses of those who tried', async () => {
    await wrong('hunter2-typed-into-the-wrong-field');
    const { rows } = await house.test.db.pool.query(
      `select to_jsonb(t)::text as row from sign_in_tries t union all select to_jsonb(a)::text from audit a`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.map((row) => row.row).join()).not.toContain('hunter2');
  });
});

describe('the record', () => {
  const recorded = async () => {
    const rows = await house.test.db.kysely.selectFrom('audit').select(['what', 'account', 'address']).orderBy('id').execute();
    return rows.map((row) => `${row.what} ${row.account}`);
  };

  it('has each sign-in, failure, lock-out and sign-out', async () => {
    const session = await right();
    await times(ACCOUNT_TRIES, () => wrong());
    const found = await house.sessions.authenticate((session as { token: string }).token);
    await house.sessions.end(found!.sessionId);
    expect(await recorded()).toEqual([
      `signed-in ${NAME}`,
      ...Array(ACCOUNT_TRIES).fill(`sign-in-failed ${NAME}`),
      `locked-out ${NAME}`,
      `signed-out ${NAME}`,
    ]);
  });

  it.each(["update audit set account = 'x'", 'delete from audit', 'truncate audit'])(
    'cannot be rewritten by the service: %s',
    async (statement) => {
      await right();
      await expect(house.test.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    },
  );
});
