import { describe, expect, it } from 'vitest';
import { CommandSchema, ReportSchema } from '../../../src/dispatch/chain/commands.ts';

const report = { category: 'C0102-01', description: '井盖翻起', position: { lng: 113, lat: 23.68 } };
const ID = '01970000-0000-7000-8000-00000000F001';

describe('what a body may hold', () => {
  it('no NUL and no half of a surrogate pair: PostgreSQL would take the latter into json and never read it again', () => {
    for (const bad of ['a\u0000b', 'half \ud83d', '\udc00 half', '   ']) {
      expect(ReportSchema.safeParse({ ...report, description: bad }).success, JSON.stringify(bad)).toBe(false);
      expect(CommandSchema.safeParse({ verb: 'comment', text: bad }).success).toBe(false);
    }
    expect(CommandSchema.safeParse({ verb: 'comment', text: '整个表情 \u{1F600} 可以' }).success).toBe(true);
  });
  it('only times of this century', () => {
    for (const bad of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '1999-12-31T23:59:59Z', '今天']) {
      expect(ReportSchema.safeParse({ ...report, foundAt: bad }).success, bad).toBe(false);
    }
    expect(ReportSchema.safeParse({ ...report, foundAt: '2026-11-23T06:00:00+08:00' }).success).toBe(true);
  });
  it('ids in either case, kept in one', () => {
    expect(CommandSchema.parse({ verb: 'merge', into: ID })).toEqual({ verb: 'merge', into: ID.toLowerCase() });
    expect(CommandSchema.parse({ verb: 'acknowledge', assignment: ID })).toMatchObject({ assignment: ID.toLowerCase() });
  });
});
