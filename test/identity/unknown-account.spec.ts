import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type House, openHouse, PEOPLE } from '../app/house.ts';

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return { ...real, verify: vi.fn(real.verify) };
});

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

it('an unknown account costs the same work as a known one: one check of one hash of the same strength', async () => {
  const hashesChecked = async (name: string) => {
    vi.mocked(verify).mockClear();
    await house.sessions.signIn(name, 'not the password', '10.0.0.1');
    return vi.mocked(verify).mock.calls.map(([stored]) => String(stored).split('$').slice(0, 4).join('$'));
  };
  const known = await hashesChecked(PEOPLE.unit.account);
  expect(known).toEqual(['$argon2id$v=19$m=19456,t=2,p=1']);
  expect(await hashesChecked('nobody.at.all')).toEqual(known);
});
