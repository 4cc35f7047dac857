import { expect, it } from 'vitest';
import { twoTimes } from '../../web/shared/two-times.ts';

const NOW = new Date('2026-11-26T07:00:00.000Z');
const move = (at: string, deviceAt?: unknown) => ({ at, payload: deviceAt === undefined ? {} : { deviceAt } });

it('a press that waited in a tunnel shows when it was pressed and when it arrived', () => {
  expect(twoTimes(move('2026-11-26T06:09:00.000Z', '2026-11-26T06:02:00.000Z'), NOW, 'zh-CN')).toEqual({
    device: '14:02',
    received: '14:09',
  });
});

it('also one whose device is ahead, and one of yesterday', () => {
  expect(twoTimes(move('2026-11-26T06:02:00.000Z', '2026-11-26T06:09:00.000Z'), NOW, 'en')).toEqual({ device: '14:09', received: '14:02' });
  expect(twoTimes(move('2026-11-26T06:02:00.000Z', '2026-11-25T06:00:00.000Z'), NOW, 'en')?.device).toBe('yesterday 14:00');
});

it('one that went through at once shows one time, and so does one without a time of its device', () => {
  expect(twoTimes(move('2026-11-26T06:02:05.000Z', '2026-11-26T06:02:00.000Z'), NOW, 'zh-CN')).toBeNull();
  expect(twoTimes(move('2026-11-26T06:02:05.000Z'), NOW, 'zh-CN')).toBeNull();
  expect(twoTimes(move('2026-11-26T06:02:05.000Z', 'no time'), NOW, 'zh-CN')).toBeNull();
});
