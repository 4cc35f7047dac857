import { describe, expect, it } from 'vitest';
import {
  arrange as arrangeRows,
  byTimeLeft,
  changesHeldBack,
  sameSections,
  shownDeadline,
  type Timed,
} from '../../web/centre/queue/groups.ts';
import { matches, NO_FILTER, readFilter, writeFilter } from '../../web/centre/queue/filter.ts';
import { readView, writeView } from '../../web/centre/address.ts';
import type { WireDeadline } from '../../web/shared/types.ts';
import { isMyTurn } from '../../web/centre/queue/my-turn.ts';
import type { Me } from '../../web/shared/types.ts';

const NOW = Date.parse('2026-11-20T07:00:00Z');
/** Midnight in the district: 16:00 UTC. */
const MIDNIGHT = Date.parse('2026-11-20T16:00:00Z');
const MINUTE = 60_000;

function deadline(clock: WireDeadline['clock'], leftMinutes: number): WireDeadline {
  const due = NOW + leftMinutes * MINUTE;
  return {
    clock,
    dueAt: new Date(due).toISOString(),
    startedAt: new Date(NOW - MINUTE).toISOString(),
    limitMs: due - NOW + MINUTE,
    kind: 'continuous',
  };
}
const waiting = (id: string, leftMinutes: number | null, level = 'R3') => ({
  id,
  level,
  state: 'reported',
  subdistrict: '441802006',
  deadlines: leftMinutes === null ? [] : [deadline('call', leftMinutes)],
});

const arrange = (incidents: readonly Timed[], now: number, endOfDay: number) => arrangeRows(byTimeLeft(incidents), now, endOfDay);

describe('the queue', () => {
  it('is ordered by time left, not by arrival, in four groups', () => {
    const rows = [waiting('a', 600), waiting('b', 59), waiting('c', -5), waiting('d', 61), waiting('e', null), waiting('f', -90)];
    expect(arrange(rows, NOW, MIDNIGHT)).toEqual([
      { group: 'overdue', ids: ['f', 'c'] },
      { group: 'hour', ids: ['b'] },
      { group: 'today', ids: ['d'] },
      { group: 'later', ids: ['a', 'e'] },
    ]);
  });

  it('puts the graver first when the time is the same, then the older', () => {
    const rows = [waiting('z', 30, 'R4'), waiting('y', 30, 'R1'), waiting('b', 30, 'R2'), waiting('a', 30, 'R2')];
    expect(arrange(rows, NOW, MIDNIGHT)[0]!.ids).toEqual(['y', 'a', 'b', 'z']);
  });

  it('shows the step that somebody has to take, even where the whole run is over already', () => {
    expect(shownDeadline([deadline('total', -300), deadline('arrive', 10)])?.clock).toBe('arrive');
    expect(shownDeadline([deadline('total', 10)])?.clock).toBe('total');
    expect(shownDeadline([])).toBeNull();
  });

  it('keeps its order as time passes: only the groups move on', () => {
    const rows = byTimeLeft([waiting('a', 600), waiting('b', 59), waiting('c', -5), waiting('d', 61)]);
    const [now, later] = [arrangeRows(rows, NOW, MIDNIGHT), arrangeRows(rows, NOW + 2 * MINUTE, MIDNIGHT)];
    expect(later).toEqual([
      { group: 'overdue', ids: ['c'] },
      { group: 'hour', ids: ['b', 'd'] },
      { group: 'later', ids: ['a'] },
    ]);
    expect(sameSections(now, later)).toBe(false);
    expect(sameSections(now, arrangeRows(rows, NOW + 1_000, MIDNIGHT))).toBe(true);
    expect(sameSections(now, now.slice(1))).toBe(false);
  });

  it('says what a held order holds back', () => {
    const shown = arrange([waiting('a', 10), waiting('b', 20)], NOW, MIDNIGHT);
    expect(changesHeldBack(shown, shown)).toEqual({ arrived: 0, moved: false });
    expect(changesHeldBack(shown, arrange([waiting('a', 30), waiting('b', 20)], NOW, MIDNIGHT))).toEqual({ arrived: 0, moved: true });
    expect(changesHeldBack(shown, arrange([waiting('a', 10), waiting('b', 20), waiting('c', 5)], NOW, MIDNIGHT))).toEqual({
      arrived: 1,
      moved: true,
    });
    expect(changesHeldBack(shown, arrange([waiting('a', 10)], NOW, MIDNIGHT)).moved).toBe(true);
  });
});

describe('the filter', () => {
  const words = () => '1120-0413 凤城街道 大观社区 燃气管道 fengcheng gas';

  const none = () => '';

  it('finds by every part of the text, in both languages', () => {
    expect(matches(waiting('a', 10), { ...NO_FILTER, text: '大观 GAS' }, words, NOW)).toBe(true);
    expect(matches(waiting('a', 10), { ...NO_FILTER, text: '大观 井盖' }, words, NOW)).toBe(false);
  });

  it('narrows by level, state, subdistrict and overdue', () => {
    const row = waiting('a', -1, 'R2');
    expect(matches(row, { ...NO_FILTER, level: 'R2', state: 'reported', subdistrict: '441802006', overdue: true }, none, NOW)).toBe(true);
    expect(matches(row, { ...NO_FILTER, level: 'R1' }, none, NOW)).toBe(false);
    expect(matches(row, { ...NO_FILTER, state: 'called' }, none, NOW)).toBe(false);
    expect(matches(row, { ...NO_FILTER, subdistrict: '441802007' }, none, NOW)).toBe(false);
    expect(matches(waiting('a', 1), { ...NO_FILTER, overdue: true }, none, NOW)).toBe(false);
  });

  it('shows drills alone, none of them, or both', () => {
    const [real, drill] = [waiting('a', 1), { ...waiting('b', 1), drill: true }];
    const shown = (choice: '' | 'true' | 'false') => [real, drill].filter((i) => matches(i, { ...NO_FILTER, drill: choice }, none, NOW));
    expect([shown(''), shown('true'), shown('false')]).toEqual([[real, drill], [drill], [real]]);
  });

  it('asks whose turn it is only when that is wanted', () => {
    const row = waiting('a', 1);
    expect(matches(row, { ...NO_FILTER, turn: true }, none, NOW, () => false)).toBe(false);
    expect(matches(row, { ...NO_FILTER, turn: true }, none, NOW, () => true)).toBe(true);
    expect(matches(row, NO_FILTER, none, NOW, () => false)).toBe(true);
  });

  it('lives in the address and comes back from it', () => {
    const filter = {
      state: 'called',
      level: 'R1',
      subdistrict: '441802006',
      overdue: true,
      turn: true,
      drill: 'true' as const,
      text: '大观 gas',
    };
    expect(readFilter(writeFilter(new URLSearchParams(), filter))).toEqual(filter);
    expect(writeFilter(new URLSearchParams('level=R1&other=1'), NO_FILTER).toString()).toBe('other=1');
  });

  it('takes nothing from an address that somebody made up', () => {
    const made = new URLSearchParams({ level: 'R9', state: '<script>', subdistrict: '1', overdue: 'yes' });
    expect(readFilter(made)).toEqual(NO_FILTER);
  });
});

describe('轮到我 (my turn)', () => {
  const at = (role: Me['role'], place: Partial<Me> = {}): Me => ({ account: `${role}.1`, role, district: 441802, ...place });
  const community = at('community', { community: '441802006001' });
  const base = { state: 'reported', level: 'R3', may: [], holder: 'community:441802006001' };

  it('is the place that holds it', () => {
    expect(isMyTurn(base, community, NOW)).toBe(true);
    expect(isMyTurn({ ...base, holder: 'community:441802006002' }, community, NOW)).toBe(false);
    expect(isMyTurn(base, null, NOW)).toBe(false);
  });

  it('is also whoever is asked for an answer', () => {
    const district = at('district');
    const may = ['extend', 'comment', 'arbitrate', 'forceClose'];
    const asked = { ...base, may };
    expect(isMyTurn(asked, district, NOW)).toBe(false);
    expect(isMyTurn({ ...asked, extensionAsked: { account: 'unit.1' } }, district, NOW)).toBe(true);
    expect(isMyTurn({ ...asked, supervisions: [{ mayReply: true }] }, district, NOW)).toBe(true);
    expect(isMyTurn({ ...asked, arbitration: { state: 'pending' } }, district, NOW)).toBe(true);
    expect(isMyTurn({ ...asked, arbitration: { state: 'ruled' } }, district, NOW)).toBe(false);
    expect(isMyTurn({ ...asked, may: [], extensionAsked: { account: 'unit.1' } }, district, NOW)).toBe(false);
  });
});

describe('the view in the address', () => {
  const id = '01a20540-d3a7-75d6-a28d-0c637110971a';

  it('opens what a colleague was sent', () => {
    const view = { filter: { ...NO_FILTER, level: 'R2' }, incident: id, tab: 'push' as const, list: 'ended' as const, page: 'roster' };
    expect(readView(writeView('', view))).toEqual(view);
  });

  it('forgets the tab with the incident', () => {
    expect(writeView(`?incident=${id}&tab=push`, { filter: NO_FILTER, incident: null, tab: 'push', list: 'open', page: null })).toBe('');
    expect(readView('?incident=1&tab=nowhere')).toEqual({ filter: NO_FILTER, incident: null, tab: 'progress', list: 'open', page: null });
    expect(readView('?view=%3Cscript%3E').page).toBeNull();
  });
});
