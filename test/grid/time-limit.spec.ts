import { describe, expect, it } from 'vitest';
import { levelOf } from '../../src/grid/import/category-checks.ts';
import { parseTimeLimit } from '../../src/grid/import/time-limit.ts';

describe('处置时限 (time limit as written)', () => {
  it.each([
    ['30分钟', 30, 'minutes', 'continuous'],
    ['2小时', 2, 'hours', 'continuous'],
    ['2 个小时', 2, 'hours', 'continuous'],
    ['两小时内', 2, 'hours', 'continuous'],
    ['不超过２小时', 2, 'hours', 'continuous'],
    ['半小时', 30, 'minutes', 'continuous'],
    ['1.5小时', 90, 'minutes', 'continuous'],
    ['紧急工作时2小时', 2, 'hours', 'continuous'],
    ['4紧急工作时', 4, 'hours', 'continuous'],
    ['4工作时', 4, 'hours', 'working'],
    ['工作时4小时', 4, 'hours', 'working'],
    ['1个工作日', 1, 'workdays', 'working'],
    ['十五个工作日', 15, 'workdays', 'working'],
    ['二十工作日', 20, 'workdays', 'working'],
    ['工作日3日', 3, 'workdays', 'working'],
    ['7天', 168, 'hours', 'continuous'],
    ['3个自然日', 72, 'hours', 'continuous'],
  ])('%s is %i %s, %s', (text, value, unit, clock) => {
    expect(parseTimeLimit(text)).toEqual({ value, unit, clock });
  });

  it.each(['', '立即', '2', '小时', '0小时', '-2小时', '半个工作日', '1.5工作时', '2小时或1天', '2小时3分钟', '尽快', '99999小时'])(
    '%s is refused',
    (text) => {
      expect(parseTimeLimit(text)).toBeNull();
    },
  );
});

describe('等级 (level) of a category row', () => {
  const plain = { danger: false, nuisance: false };
  it.each([
    [{ ...plain, limit_value: 60, limit_unit: 'minutes', clock: 'continuous' }, 'R1'],
    [{ ...plain, limit_value: 61, limit_unit: 'minutes', clock: 'continuous' }, 'R2'],
    [{ ...plain, limit_value: 4, limit_unit: 'hours', clock: 'continuous' }, 'R2'],
    [{ ...plain, limit_value: 24, limit_unit: 'hours', clock: 'continuous' }, 'R3'],
    [{ ...plain, limit_value: 25, limit_unit: 'hours', clock: 'continuous' }, 'R4'],
    [{ ...plain, limit_value: 8, limit_unit: 'hours', clock: 'working' }, 'R3'],
    [{ ...plain, limit_value: 1, limit_unit: 'workdays', clock: 'working' }, 'R3'],
    [{ ...plain, limit_value: 2, limit_unit: 'workdays', clock: 'working' }, 'R4'],
    [{ danger: true, nuisance: false, limit_value: 7, limit_unit: 'workdays', clock: 'working' }, 'R2'],
    [{ danger: false, nuisance: true, limit_value: 30, limit_unit: 'minutes', clock: 'continuous' }, 'R3'],
  ] as const)('%o is %s', (row, level) => {
    expect(levelOf(row)).toBe(level);
  });
});
