/** The tape runs back as exactly as forth, and the address keeps the hour. */
import { describe, expect, it } from 'vitest';
import type { Picture, Replay } from '../../src/dispatch/overview-schemas.ts';
import { HOUR_MS, lastHour, readReplay, writeReplay } from '../../web/centre/replay/address.ts';
import { makeTape, movesByMinute } from '../../web/centre/replay/tape.ts';

const FROM = '2026-11-20T06:00:00.000Z';
const after = (minutes: number) => new Date(Date.parse(FROM) + minutes * 60_000).toISOString();
const picture = (state: Picture['state'], version: number): Picture => ({ state, version, level: 'R3', deadlines: [], assignments: [] });
const incident = (id: string, start: Picture | null) => ({
  id,
  number: id,
  category: 'C0104-01',
  position: { lng: 113, lat: 23.7 },
  cell: '1',
  community: '1',
  subdistrict: '1',
  reportedAt: FROM,
  drill: false,
  start,
});
const move = (seq: number, of: string, minutes: number, verb: 'report' | 'call' | 'reject', made: Picture) => ({
  seq,
  incident: of,
  at: after(minutes),
  verb,
  actor: 'system',
  payload: {},
  after: made,
});
const HOUR: Replay = {
  from: FROM,
  until: after(60),
  incidents: [incident('old', picture('reported', 1)), incident('new', null)],
  moves: [
    move(7, 'old', 10, 'call', picture('called', 2)),
    move(8, 'new', 20, 'report', picture('reported', 1)),
    // Decided a moment before its predecessor, committed after it.
    move(9, 'new', 19.99, 'reject', picture('rejected', 2)),
  ],
  cutOff: false,
};

describe('the tape', () => {
  const states = (tape: ReturnType<typeof makeTape>, index: number) =>
    Object.fromEntries(tape.wind(index).map((i) => [i.id, i.picture.state]));
  const AT = [{ old: 'reported' }, { old: 'called' }, { old: 'called', new: 'reported' }, { old: 'called' }];

  it('shows the same at a place, from whichever side it is wound there', () => {
    const tape = makeTape(HOUR);
    const walk = [0, 1, 2, 3, 2, 1, 0, 3, 0, 2, 99, -1];
    for (const index of walk) expect([index, states(tape, index)]).toEqual([index, AT[Math.min(3, Math.max(0, index))]]);
  });

  it('knows of an incident that has ended, and nothing of one before its report', () => {
    const tape = makeTape(HOUR);
    tape.wind(0);
    expect(tape.standing('new')).toBeNull();
    tape.wind(3);
    expect(tape.standing('new')?.picture.state).toBe('rejected');
  });

  it('goes by the order of the log where clocks disagree', () => {
    const tape = makeTape(HOUR);
    const ms = (minutes: number) => Date.parse(after(minutes));
    expect([0, 10, 19.995, 20, 60].map((m) => tape.indexAt(ms(m)))).toEqual([0, 1, 1, 3, 3]);
    expect(tape.timeAt(0)).toBe(ms(0));
    expect(tape.timeAt(3)).toBe(ms(20));
  });

  it('has a picture of its minutes', () => {
    const counts = movesByMinute(makeTape(HOUR));
    expect(counts).toHaveLength(60);
    expect(counts.flatMap((n, minute) => (n ? [[minute, n]] : []))).toEqual([
      [10, 1],
      [19, 1],
      [20, 1],
    ]);
  });
});

describe('the hour in the address', () => {
  it('is kept to the minute, beside what else stands there', () => {
    const ms = Date.parse(FROM);
    const query = writeReplay('?layers=units,base&level=R1', ms);
    expect(query).toContain('replay=2026-11-20T06:00Z');
    expect(query).toContain('layers=units,base');
    expect(readReplay(query)).toBe(ms);
    expect(writeReplay(query, null)).toBe('?layers=units,base&level=R1');
  });

  it('is none where no time stands there', () => {
    for (const text of ['', '?replay=', '?replay=yesterday', '?replay=2026-13-40T06:00Z', '?replay=1']) expect(readReplay(text)).toBeNull();
  });

  it('is by itself the one that lies behind, up to now: what has just happened is in it', () => {
    const now = Date.parse('2026-11-20T07:23:45.000Z');
    expect(new Date(lastHour(now)).toISOString()).toBe('2026-11-20T06:24:00.000Z');
    expect(lastHour(now) + HOUR_MS).toBeGreaterThanOrEqual(now);
    expect(new Date(lastHour(Date.parse('2026-11-20T07:23:00.000Z'))).toISOString()).toBe('2026-11-20T06:23:00.000Z');
  });
});
