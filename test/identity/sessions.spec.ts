import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccount, disableAccount, setCommunities } from '../../src/identity/accounts.ts';
import type { Actor, Role } from '../../src/identity/actor.ts';
import { hashPassword } from '../../src/identity/passwords.ts';
import { SESSION_MS } from '../../src/identity/sessions.ts';
import { DISTRICT, type House, openHouse, PASSWORD, PEOPLE } from '../app/house.ts';

let house: House;
let ended: string[];

beforeEach(async () => {
  house = await openHouse();
  ended = [];
  house.sessions.onEnded((id) => ended.push(id));
});
afterEach(() => house.close());

describe('a session', () => {
  it('is its account, with role and place', async () => {
    const token = await house.token(PEOPLE.gridWorker);
    expect((await house.sessions.authenticate(token))?.actor).toEqual(PEOPLE.gridWorker);
  });

  it.each(['', 'x', '__proto__', 'A'.repeat(43), `${'A'.repeat(42)}'`, 'A'.repeat(100_000)])('is not opened by %.20s', async (token) => {
    expect(await house.sessions.authenticate(token)).toBeNull();
  });

  it('ends at once for requests, and tells those who listen once', async () => {
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await house.sessions.authenticate(token))!;
    await house.sessions.end(sessionId);
    expect(await house.sessions.authenticate(token)).toBeNull();
    await house.sessions.sweep();
    await house.sessions.end(sessionId);
    expect(ended).toEqual([sessionId]);
  });

  it('leaves the other sessions of the account alone', async () => {
    const phone = await house.token(PEOPLE.unit);
    const desk = await house.token(PEOPLE.unit);
    await house.sessions.end((await house.sessions.authenticate(phone))!.sessionId);
    expect(await house.sessions.authenticate(desk)).not.toBeNull();
  });

  it('ended on one node ends on the others', async () => {
    const other = await house.secondNode();
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await other.authenticate(token))!;
    await house.sessions.authenticate(token);
    await other.end(sessionId);
    await house.sessions.sweep();
    expect(ended).toEqual([sessionId]);
    expect(await house.sessions.authenticate(token)).toBeNull();
  });

  it('runs out after twelve hours, and tells those who listen once', async () => {
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await house.sessions.authenticate(token))!;
    await house.moveTime(SESSION_MS - 60_000);
    expect(await house.sessions.authenticate(token)).not.toBeNull();
    await house.moveTime(SESSION_MS + 1_000);
    expect(await house.sessions.authenticate(token)).toBeNull();
    await house.sessions.sweep();
    await house.sessions.sweep();
    expect(ended).toEqual([sessionId]);
  });

  it('ends with its account', async () => {
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await house.sessions.authenticate(token))!;
    expect(await disableAccount(house.test.db.kysely, DISTRICT, PEOPLE.unit.account)).toBe(true);
    await house.sessions.sweep();
    expect(await house.sessions.authenticate(token)).toBeNull();
    expect(ended).toEqual([sessionId]);
    expect(await disableAccount(house.test.db.kysely, DISTRICT, PEOPLE.unit.account)).toBe(false);
  });

  it('ends also while it is being looked up', async () => {
    const other = await house.secondNode();
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await other.authenticate(token))!;
    // Not yet in this node's memory: the look-up and the end run side by side.
    await Promise.all([house.sessions.authenticate(token), house.sessions.end(sessionId)]);
    expect(await house.sessions.authenticate(token)).toBeNull();
  });

  it('goes on without the database once it is known, and says when it cannot be', async () => {
    const known = await house.token(PEOPLE.unit);
    await house.sessions.authenticate(known);
    const unknown = await house.token(PEOPLE.community);
    const { sessions } = house;
    await house.test.db.close();
    expect(await sessions.authenticate(known)).not.toBeNull();
    await expect(sessions.authenticate(unknown)).rejects.toThrow();
  });

  it('tells every listener, also after one that fails, and none that has left', async () => {
    const token = await house.token(PEOPLE.unit);
    const { sessionId } = (await house.sessions.authenticate(token))!;
    const heard: string[] = [];
    house.sessions.onEnded(() => {
      throw new Error('a broken listener');
    });
    house.sessions.onEnded((id) => heard.push(id));
    house.sessions.onEnded(() => heard.push('never'))();
    await house.sessions.end(sessionId);
    expect(heard).toEqual([sessionId]);
  });
});

describe('an account that is given other places', () => {
  const LEADER: Actor & { role: Role } = { account: 'leader.a', role: 'leader', district: DISTRICT, communities: ['441802006001'] };
  const OTHERS = ['441802006002', '441802006003'];
  let token: string;
  let moved: (readonly [string, readonly string[] | undefined])[];

  beforeEach(async () => {
    const passwordHash = await hashPassword(PASSWORD);
    await createAccount(house.test.db.kysely, { actor: LEADER, nameZh: '演示·包联', nameEn: 'Demo leader', passwordHash });
    token = await house.token(LEADER);
    moved = [];
    house.sessions.onMoved((id, { communities }) => moved.push([id, communities]));
  });

  it('acts by them after one sweep, on every node, and listeners are told once', async () => {
    const other = await house.secondNode();
    const { sessionId } = (await house.sessions.authenticate(token))!;
    await other.authenticate(token);
    await setCommunities(house.test.db.kysely, DISTRICT, LEADER.account, OTHERS);
    for (const node of [house.sessions, other]) {
      await node.sweep();
      await node.sweep();
      expect((await node.authenticate(token))?.actor.communities).toEqual(OTHERS);
    }
    expect(moved).toEqual([[sessionId, OTHERS]]);
    expect(ended).toEqual([]);
  });

  it('is told of the next change too, and of none where nothing changed', async () => {
    const { kysely } = house.test.db;
    const { sessionId } = (await house.sessions.authenticate(token))!;
    for (const communities of [LEADER.communities!, OTHERS, OTHERS, LEADER.communities!]) {
      await setCommunities(kysely, DISTRICT, LEADER.account, communities);
      await house.sessions.sweep();
    }
    expect(moved).toEqual([
      [sessionId, OTHERS],
      [sessionId, LEADER.communities],
    ]);
    expect((await house.sessions.authenticate(token))?.actor).toEqual(LEADER);
  });
});
