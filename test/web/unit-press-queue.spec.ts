import { describe, expect, it } from 'vitest';
import {
  type Press,
  alreadyReached,
  expectedState,
  hurried,
  meaningOf,
  nextToSend,
  nextTryMs,
  postponed,
  refused,
  waiting,
} from '../../web/unit/presses/queue.ts';

const at = Date.parse('2026-11-20T07:42:00.000Z');
const press = (order: number, verb: 'acknowledge' | 'depart' | 'arrive' | 'finish', more: Partial<Press> = {}): Press => ({
  key: `key ${order}`,
  account: 'unit.gas-2',
  incident: 'i1',
  command: { verb, assignment: 'a1', deviceAt: '2026-11-20T07:42:00.000Z' },
  order,
  pressedAt: '2026-11-20T07:42:00.000Z',
  attempts: 0,
  notBeforeMs: 0,
  refusal: null,
  ...more,
});

describe('离线 (presses without a network)', () => {
  it('are sent in the order they were made, however they were stored', () => {
    const kept = [press(3, 'finish'), press(1, 'acknowledge'), press(2, 'arrive')];
    expect(waiting(kept, 'unit.gas-2').map((p) => p.command.verb)).toEqual(['acknowledge', 'arrive', 'finish']);
  });
  it('hold back what comes after them until they are through', () => {
    const first = postponed(press(1, 'acknowledge'), at);
    const kept = [first, press(2, 'arrive')];
    expect(nextToSend(kept, 'unit.gas-2', at)).toBeNull();
    expect(nextToSend(kept, 'unit.gas-2', first.notBeforeMs)).toBe(first);
    expect(nextTryMs(kept, 'unit.gas-2')).toBe(first.notBeforeMs);
  });
  it('are tried again after 2, 4, 8 … seconds, never later than a minute, at once when the network is back', () => {
    let p = press(1, 'arrive');
    const waits = Array.from({ length: 9 }, () => ((p = postponed(p, at)), p.notBeforeMs - at));
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
    expect(nextToSend(hurried([p], 'unit.gas-2'), 'unit.gas-2', at)?.key).toBe(p.key);
  });
  it('of another account on the same phone are never sent under this one', () => {
    expect(nextToSend([press(1, 'arrive', { account: 'unit.fire-1' })], 'unit.gas-2', at)).toBeNull();
  });
  it('keep a refused one aside and go on with the next', () => {
    const kept = [
      press(1, 'acknowledge', { refusal: { code: 'no-such-move', whatToDo: { 'zh-CN': '请刷新', en: 'Reload' } } }),
      press(2, 'arrive'),
    ];
    expect(nextToSend(kept, 'unit.gas-2', at)?.order).toBe(2);
    expect(refused(kept, 'unit.gas-2').map((p) => p.order)).toEqual([1]);
  });
});

describe('答复 (what an answer means)', () => {
  it.each([
    [null, 'again'],
    [200, 'sent'],
    [401, 'signIn'],
    [403, 'refused'],
    [404, 'refused'],
    [409, 'refused'],
    [422, 'refused'],
    [429, 'again'],
    [500, 'again'],
    [503, 'again'],
  ] as const)('%s → %s', (status, meaning) => expect(meaningOf(status)).toBe(meaning));

  it('is nothing to tell when a mate of the unit had pressed it already', () => {
    expect(alreadyReached(press(1, 'acknowledge'), 'enRoute')).toBe(true);
    expect(alreadyReached(press(1, 'arrive'), 'enRoute')).toBe(false);
    expect(alreadyReached(press(1, 'acknowledge'), 'released')).toBe(false);
    expect(alreadyReached({ ...press(1, 'acknowledge'), command: { verb: 'comment', text: '到了' } }, 'finished')).toBe(false);
  });
});

describe('页面上的状态 (what the page shows meanwhile)', () => {
  it('is the state after everything that waits', () => {
    expect(expectedState('assigned', [press(2, 'arrive'), press(1, 'acknowledge')], 'a1')).toBe('onScene');
  });
  it('never goes back, and counts neither refused presses nor those of others', () => {
    expect(expectedState('onScene', [press(1, 'acknowledge')], 'a1')).toBe('onScene');
    expect(
      expectedState(
        'assigned',
        [press(1, 'acknowledge', { refusal: { code: 'not-yours', whatToDo: { 'zh-CN': '请刷新', en: 'Reload' } } })],
        'a1',
      ),
    ).toBe('assigned');
    expect(expectedState('assigned', [press(1, 'acknowledge')], 'another')).toBe('assigned');
  });
  it('does not revive an assignment that was withdrawn', () => {
    expect(expectedState('released', [press(1, 'arrive')], 'a1')).toBe('released');
  });
});
