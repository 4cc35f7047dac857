/** How often one address may ask. */
import { describe, expect, it } from 'vitest';
import { AddressLimit } from '../../src/http/address-limit.ts';

const RULE = { burst: 3, everyMs: 1_000 };
const taken = (limit: AddressLimit, times: number, nowMs: number, address = '203.0.113.7') =>
  Array.from({ length: times }, () => limit.take(address, nowMs)).filter((waitMs) => waitMs === 0).length;

describe('an address', () => {
  it('has its burst at once, then one each interval, and is told how long to wait', () => {
    const limit = new AddressLimit(RULE);
    expect(taken(limit, 10, 0)).toBe(3);
    expect(limit.take('203.0.113.7', 400)).toBe(600);
    expect(taken(limit, 10, 1_000)).toBe(1);
    expect(taken(limit, 10, 100_000)).toBe(3);
  });
  it('over an hour gets burst and rate, however it asks', () => {
    const limit = new AddressLimit(RULE);
    let got = 0;
    for (let nowMs = 0; nowMs < 3_600_000; nowMs += 50) got += taken(limit, 1, nowMs);
    expect(got).toBe(3 + 3_599);
  });
  it('waits for nobody else', () => {
    const limit = new AddressLimit(RULE);
    taken(limit, 10, 0);
    expect(taken(limit, 10, 0, '198.51.100.1')).toBe(3);
  });
  it('loses nothing by being asked whether it has to wait', () => {
    const limit = new AddressLimit(RULE);
    for (let i = 0; i < 100; i++) expect(limit.waitMs('203.0.113.7', 0)).toBe(0);
    expect(taken(limit, 10, 0)).toBe(3);
  });
});

it('remembers a bounded number of addresses, however many ask', () => {
  const limit = new AddressLimit(RULE, 100);
  for (let i = 0; i < 10_000; i++) limit.take(`2001:db8:${i.toString(16)}::/64`, i);
  expect(limit.size).toBe(100);
});
