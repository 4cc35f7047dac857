import { describe, expect, it } from 'vitest';
import { unitsOf, unitsSaid } from '../../web/shared/move-units.ts';
import { moveWord } from '../../web/shared/words.ts';

describe('a line of the log', () => {
  it('says what the grid worker found, and that nobody looked', () => {
    const answered = (found: unknown) => moveWord({ verb: 'answerVerification', payload: { found } }, 'zh-CN');
    expect(answered(true)).toContain('属实');
    expect(answered(false)).toContain('没有发现');
    expect(answered(null)).toContain('没人核实');
    const en = [true, false, null].map((found) => moveWord({ verb: 'answerVerification', payload: { found } }, 'en'));
    expect(new Set(en).size).toBe(3);
  });

  it('names the units of a dispatch once each', () => {
    expect(unitsOf({ payload: { changed: [{ unit: 'a' }, { unit: 'b' }], lead: { unit: 'a' } } })).toEqual(['a', 'b']);
  });

  it('names whom a lead released, and not who pressed for itself or declined', () => {
    const line = (verb: 'release' | 'addUnit' | 'arrive' | 'decline' | 'comment', actor: string) => ({
      verb,
      actor,
      payload: { unit: 'drainage-1' },
    });
    expect(unitsSaid(line('release', 'unit.police-2'))).toEqual(['drainage-1']);
    expect(unitsSaid(line('addUnit', 'subdistrict.441802006'))).toEqual(['drainage-1']);
    expect(unitsSaid(line('arrive', 'unit.drainage-1'))).toEqual([]);
    expect(unitsSaid(line('decline', 'unit.drainage-1'))).toEqual([]);
    expect(unitsSaid(line('comment', 'unit.police-2'))).toEqual([]);
  });
});
