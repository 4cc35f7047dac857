import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswersByKey, digestOf, reportId, systemKey } from '../../src/dispatch/idempotency.ts';

describe('the digest of a request', () => {
  it('does not depend on the order of fields, nor on fields that are absent', () => {
    const one = digestOf({ verb: 'dispatch', lead: { unit: 'a', note: undefined }, assisting: [1, 2] });
    const two = digestOf({ assisting: [1, 2], lead: { unit: 'a' }, verb: 'dispatch', level: undefined });
    expect(one).toBe(two);
  });

  it('differs for whatever differs as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        fc.pre(JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b)));
        expect(digestOf(a)).not.toBe(digestOf(b));
      }),
    );
  });
});

/** The same value with the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}

describe('keys and ids', () => {
  const KEY_V7 = '0190aaaa-0000-7000-8000-00000000abcd';
  const KEY_V4 = '0190aaaa-0000-4000-8000-00000000abcd';
  const at = (ms: number) => new Date(ms);

  it('of a report follow from account and key where the key is a UUIDv7', () => {
    expect(reportId('grid.1', KEY_V7, at(1))).toBe(reportId('grid.1', KEY_V7, at(2)));
    expect(reportId('grid.1', KEY_V7, at(1))).not.toBe(reportId('grid.2', KEY_V7, at(1)));
    expect(reportId('grid.1', KEY_V4, at(1))).toBe(reportId('grid.1', KEY_V4, at(1)));
    expect(reportId('grid.1', KEY_V4, at(1))).not.toBe(reportId('grid.1', KEY_V4, at(2)));
  });

  it('of a report are UUIDv7s that carry the time', () => {
    expect(reportId('grid.1', KEY_V7, at(1))).toMatch(/^0190aaaa-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('of the system are the same on every node, and one for each version and verb', () => {
    const keys = [systemKey('a', 1, 'lapse'), systemKey('a', 2, 'lapse'), systemKey('a', 1, 'resume'), systemKey('b', 1, 'lapse')];
    expect(new Set(keys).size).toBe(4);
    expect(systemKey('a', 1, 'lapse')).toBe(keys[0]);
  });
});

describe('answers by key', () => {
  const digest = digestOf('asked');
  const place = { incident: 'i', version: 3 };

  it('does not remember what failed: the same key may be tried again', async () => {
    const answers = new AnswersByKey<string>();
    const away = () => Promise.reject(new Error('away'));
    await expect(answers.run('a', 'k', digest, away, () => place)).rejects.toThrow('away');
    expect(answers.find('a', 'k', digest)).toBeNull();
    expect(answers.waiting).toBe(0);
  });

  it('does not remember what should not be kept', async () => {
    const answers = new AnswersByKey<string>();
    const written = (answer: string) => (answer === 'refused' ? null : place);
    await answers.run('a', 'k', digest, async () => 'refused', written);
    expect(answers.find('a', 'k', digest)).toBeNull();
  });

  it('gives whoever asks meanwhile the same answer, and later its place in the log', async () => {
    const answers = new AnswersByKey<string>();
    const run = answers.run(
      'a',
      'k',
      digest,
      async () => 'done',
      () => place,
    );
    const meanwhile = answers.find('a', 'k', digest);
    expect(meanwhile?.same).toBe(true);
    expect(await meanwhile?.answer).toBe('done');
    await run;
    expect(answers.find('a', 'k', digest)).toEqual({ same: true, answer: place });
  });

  it('tells another request under the same key apart', async () => {
    const answers = new AnswersByKey<string>();
    await answers.run(
      'a',
      'k',
      digest,
      async () => 'done',
      () => place,
    );
    expect(answers.find('a', 'k', digestOf('other'))).toMatchObject({ same: false });
    expect(answers.find('b', 'k', digest)).toBeNull();
  });
});
