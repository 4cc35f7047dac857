/** What counts as a change of needs and activities. */
import { describe, expect, it } from 'vitest';
import { changedWork, type WorkStamp } from '../../../src/cobuild/chain/work.ts';

const need = (code: string, stamp = '1 0'): WorkStamp => ({ kind: 'need', code, place: '441802006020', stamp });
const activity = (code: string, stamp = '1 0'): WorkStamp => ({ kind: 'activity', code, place: '441802006', stamp });
const names = (before: WorkStamp[], after: WorkStamp[]) => changedWork(before, after).map(({ kind, code }) => `${kind} ${code}`);

describe('a change of needs and activities', () => {
  it('is none where nothing is otherwise, in whatever order it is read', () =>
    expect(names([need('a'), activity('a')], [activity('a'), need('a')])).toEqual([]));
  it('is one that came, one with another stamp, and one that ended', () =>
    expect(names([need('a'), need('b'), activity('c')], [need('a', '1 1 1'), need('d'), activity('c')])).toEqual([
      'need a',
      'need d',
      'need b',
    ]));
  it('tells needs from activities of the same code, and keeps the stamp to itself', () =>
    expect(changedWork([need('a')], [need('a'), activity('a')])).toEqual([{ kind: 'activity', code: 'a', place: '441802006' }]));
});
