import { describe, expect, it } from 'vitest';
import {
  type Ring,
  frontRing,
  isMuted,
  muted,
  reconciled,
  untilNextRound,
  usedShare,
  withRing,
  withoutRing,
} from '../../web/unit/ring/queue.ts';

const at = Date.parse('2026-11-20T07:42:00.000Z');
const ring = (assignment: string, level: Ring['level'], leftS: number | null = 120, since = at): Omit<Ring, 'mutedRound'> => ({
  assignment,
  incident: `incident of ${assignment}`,
  level,
  untilMs: leftS === null ? null : at + leftS * 1_000,
  seq: 7,
  sinceMs: since,
});
const queue = (...rings: Omit<Ring, 'mutedRound'>[]) => rings.reduce<readonly Ring[]>((all, r) => withRing(all, r), []);

describe('响铃 (several rings at once)', () => {
  it('gives the screen to the gravest, whatever came first', () => {
    expect(frontRing(queue(ring('poster', 'R4', 10), ring('gas', 'R1', 120), ring('cover', 'R2', 5)))?.assignment).toBe('gas');
  });
  it('among equals takes the one with the least time left, one without a limit last', () => {
    expect(frontRing(queue(ring('open', 'R2', null), ring('late', 'R2', 300), ring('soon', 'R2', 60)))?.assignment).toBe('soon');
    expect(frontRing(queue(ring('second', 'R2', null, at + 1), ring('first', 'R2', null, at)))?.assignment).toBe('first');
  });
  it('moves on to the next one when the first is answered, and to nothing after the last', () => {
    const two = queue(ring('gas', 'R1'), ring('cover', 'R2'));
    const one = withoutRing(two, 'gas');
    expect(frontRing(one)?.assignment).toBe('cover');
    expect(frontRing(withoutRing(one, 'cover'))).toBeNull();
  });
  it('leaves the queue alone when a quiet is for something that does not ring here', () => {
    const two = queue(ring('gas', 'R1'), ring('cover', 'R2'));
    expect(withoutRing(two, 'unknown')).toBe(two);
  });
});

describe('每 60 秒再响 (repetition)', () => {
  it('starts anew when the same assignment rings again, sound included, without doubling it', () => {
    const silent = muted(queue(ring('cover', 'R2')), at + 5_000);
    const again = withRing(silent, ring('cover', 'R2', null, at + 60_000));
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ sinceMs: at + 60_000, mutedRound: null, untilMs: at + 120_000 });
  });
  it('lets R1 speak up again in the next round, and nothing else', () => {
    const [gas, cover] = muted(queue(ring('gas', 'R1'), ring('cover', 'R2')), at + 59_000);
    expect([isMuted(gas!, at + 59_999), isMuted(gas!, at + 60_000)]).toEqual([true, false]);
    expect([isMuted(cover!, at + 59_999), isMuted(cover!, at + 60_000)]).toEqual([true, true]);
    expect(untilNextRound(gas!, at + 59_000)).toBe(1_000);
  });
});

describe('重新读取 (an incident read again)', () => {
  const assigned = (assignment: string) => ({ assignment, level: 'R1' as const, untilMs: at + 90_000 });

  it('begins what was missed and stops what another device answered', () => {
    const going = queue({ ...ring('answered', 'R1'), incident: 'gas' });
    expect(reconciled(going, 'gas', [assigned('missed')], at + 1_000)).toEqual([
      { ...assigned('missed'), incident: 'gas', seq: null, sinceMs: at + 1_000, mutedRound: null },
    ]);
  });
  it('does not start a going ring anew, and keeps its silence', () => {
    const silent = muted(queue({ ...ring('lead', 'R1'), incident: 'gas' }), at + 10_000);
    const [lead] = reconciled(silent, 'gas', [assigned('lead')], at + 20_000);
    expect(lead).toMatchObject({ sinceMs: at, seq: 7, mutedRound: 0, untilMs: at + 90_000 });
  });
  it('leaves the rings of other incidents alone', () => {
    const going = queue(ring('cover', 'R2'));
    expect(reconciled(going, 'gas', [], at)).toEqual(going);
  });
});

describe('签收 button', () => {
  it('fills from the assignment to its limit and stays full after it', () => {
    expect([0, 30, 120, 500].map((s) => usedShare(at, at + 120_000, at + s * 1_000))).toEqual([0, 0.25, 1, 1]);
  });
  it('does not fill without a limit', () => {
    expect(usedShare(at, null, at + 1e9)).toBe(0);
  });
  it('is full when the limit lies before the assignment was known', () => {
    expect([usedShare(at, at - 1, at), usedShare(at, at - 1, at - 2)]).toEqual([1, 0]);
  });
});

describe('下班不响 (told to be quiet)', () => {
  it('does not ring by what is read, though it is still assigned, and rings what is not meant', () => {
    const assigned = [
      { assignment: 'gas', level: 'R1' as const, untilMs: null },
      { assignment: 'cover', level: 'R2' as const, untilMs: null },
    ];
    expect(reconciled([], 'i', assigned, at, new Set(['gas'])).map((r) => r.assignment)).toEqual(['cover']);
    expect(
      reconciled(queue({ ...ring('gas', 'R1'), incident: 'i' }), 'i', assigned, at, new Set(['gas'])).map((r) => r.assignment),
    ).toEqual(['cover']);
  });
});
