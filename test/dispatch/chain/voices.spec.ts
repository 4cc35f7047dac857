import { describe, expect, it } from 'vitest';
import { CommandSchema, ReportSchema } from '../../../src/dispatch/chain/commands.ts';
import { report } from '../../../src/dispatch/chain/report.ts';
import { category, COMMUNITY, later, make, NOW, PLACE, reported, RULES, WORKER } from './world.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((n) => `01970000-0000-7000-8000-00000000e00${n}`) as [string, string, string, string];
const body = { category: 'C0102-01', description: '井盖翻起', position: { lng: 113, lat: 23.68 } };

describe('语音 (voice notes)', () => {
  it('come with the report, and are in the incident with who said it when', () => {
    const { move, next } = report({ ...body, voices: [A, B] }, WORKER, {
      now: NOW,
      rules: RULES,
      id: '01970000-0000-7000-8000-000000000001',
      number: '20261120-0001',
      place: PLACE,
      category: { code: 'C0102-01', rules: category('R3') },
    });
    expect(move.payload.voices).toEqual([A, B]);
    expect(next.voices).toEqual([A, B].map((id) => ({ id, by: WORKER.account, at: NOW.toISOString() })));
  });

  it('may be added, with photos or alone, and stay through what follows', () => {
    const added = make(reported(), { verb: 'attach', voices: [A] }, WORKER, { now: later(1_000) });
    const both = make(added, { verb: 'attach', voices: [B], photos: [C] }, WORKER);
    const called = make(both, { verb: 'call' }, COMMUNITY);
    expect(called.voices.map((v) => v.id)).toEqual([A, B]);
    expect(called.photos.map((p) => p.id)).toEqual([C]);
    expect(added.voices[0]?.at).toBe(later(1_000).toISOString());
  });

  it('are three at most, and adding nothing is no move', () => {
    expect(ReportSchema.safeParse({ ...body, voices: [A, B, C] }).success).toBe(true);
    expect(ReportSchema.safeParse({ ...body, voices: [A, B, C, D] }).success).toBe(false);
    expect(CommandSchema.safeParse({ verb: 'attach' }).success).toBe(false);
    expect(CommandSchema.safeParse({ verb: 'attach', voices: [] }).success).toBe(false);
    expect(CommandSchema.safeParse({ verb: 'attach', voices: [A] }).success).toBe(true);
  });
});
