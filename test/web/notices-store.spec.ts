import { describe, expect, it, test } from 'vitest';
import { ALL_NOTICES, type NoticeItem } from '../../src/ws/notice-item.ts';
import { createNotices } from '../../web/shared/notices/store.ts';
import { asksAnswer, noticeWords } from '../../web/shared/notices/words.ts';

const item = (seq: number, notice: NoticeItem['notice'] = 'overdue'): NoticeItem => ({
  seq,
  incident: 'i',
  number: 'n',
  level: 'R2',
  notice,
  about: null,
  subject: null,
  body: null,
  at: '2026-11-20T07:00:00.000Z',
  recipient: 'community:441802006001',
  category: 'C0101-01',
  cell: '441802006001001',
  state: 'reported',
  drill: false,
  settledAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
});

function inbox(...items: NoticeItem[]) {
  const world = {
    items,
    more: 0,
    readings: 0,
    refused: null as Error | null,
    receipts: [] as [number, string][],
    timers: [] as (() => void)[],
    seen: [] as number[],
  };
  const notices = createNotices({
    open: async () => {
      world.readings++;
      return { items: world.items, next: null };
    },
    count: async () => ({ open: world.items.length + world.more }),
    acknowledge: async (seqs) => {
      if (world.refused) throw world.refused;
      world.seen.push(...seqs);
      world.items = world.items.filter((i) => !seqs.includes(i.seq));
    },
    receipt: (seq, stage) => void world.receipts.push([seq, stage]),
    later: (_, run) => void world.timers.push(run),
  });
  return { world, notices };
}
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('an inbox on a page', () => {
  it('reads once for notices that come together, and says that the device has each', async () => {
    const { world, notices } = inbox(item(1));
    await notices.load();
    world.items = [item(3), item(2), item(1)];
    notices.heard({ seq: 2, notice: 'overdue' });
    notices.heard({ seq: 3, notice: 'overdue' });
    expect(world.timers).toHaveLength(1);
    world.timers[0]!();
    await turns();
    expect(world.readings).toBe(2);
    expect(notices.open.value.map((n) => n.seq)).toEqual([3, 2, 1]);
    expect(world.receipts).toEqual([
      [2, 'delivered'],
      [3, 'delivered'],
    ]);
  });

  it('sounds only for what somebody waits for, once, and not for what was there before', async () => {
    const { notices } = inbox(item(1));
    notices.heard({ seq: 1, notice: 'overdue' }); // with the welcome, before the list is read
    await notices.load();
    notices.heard({ seq: 1, notice: 'overdue' });
    notices.heard({ seq: 2, notice: 'recounted' });
    expect(notices.alarms.value).toBe(0);
    notices.heard({ seq: 3, notice: 'overdue' });
    notices.heard({ seq: 3, notice: 'overdue' });
    expect(notices.alarms.value).toBe(1);
  });

  it('counts also what is not on the first page, and those that ask', async () => {
    const { world, notices } = inbox(item(2, 'remind'), item(1));
    world.more = 150;
    await notices.load();
    expect([notices.count.value, notices.asking.value]).toEqual([152, 1]);
  });

  it('takes away at once what was seen, here or by a colleague, and brings it back with the reason if that could not be told', async () => {
    const { world, notices } = inbox(item(3), item(2), item(1));
    await notices.load();
    notices.seenElsewhere([2, 99]);
    expect([notices.open.value.map((n) => n.seq), notices.count.value]).toEqual([[3, 1], 2]);
    world.items = [item(3), item(1)];
    const telling = notices.acknowledge([3]);
    expect(notices.open.value.map((n) => n.seq)).toEqual([1]);
    await telling;
    expect([world.seen, notices.open.value.map((n) => n.seq), notices.problem.value]).toEqual([[3], [1], null]);
    world.refused = new Error('no network');
    await notices.acknowledge([1]);
    expect(notices.open.value.map((n) => n.seq)).toEqual([1]);
    expect(notices.problem.value).not.toBeNull();
  });

  it('an answer that was asked for before the press does not bring it back', async () => {
    const { notices } = inbox(item(1));
    await notices.load();
    const slow = notices.load();
    const pressed = notices.acknowledge([1]);
    await slow;
    expect(notices.open.value).toEqual([]);
    await pressed;
    expect(notices.open.value).toEqual([]);
  });

  it('says once that one stood before a person’s eyes', async () => {
    const { world, notices } = inbox();
    notices.shown([item(1), item(2)]);
    notices.shown([item(2), item(3)]);
    expect(world.receipts).toEqual([
      [1, 'shown'],
      [2, 'shown'],
      [3, 'shown'],
    ]);
  });
});

describe('words', () => {
  test.each(ALL_NOTICES)('%s says what is told and what to do, in both languages, to offices and units', (kind) => {
    for (const place of ['community:441802006001', 'unit:gas']) {
      const [zh, en] = [noticeWords(kind, place, 'zh-CN'), noticeWords(kind, place, 'en')];
      for (const text of [zh.title, zh.next]) expect(text).toMatch(/\p{Script=Han}/u);
      for (const text of [en.title, en.next]) expect(text).toMatch(/^[ -~]+$/);
      expect(zh.title.length).toBeLessThanOrEqual(12);
      expect(zh.next).not.toBe(zh.title);
    }
  });
  it('a kind that this page does not know is something that happened, and asks for nothing', () => {
    expect(noticeWords('toString', 'district', 'zh-CN')).toEqual({ title: '有新情况', next: '打开看看', answer: false });
    expect(asksAnswer('toString')).toBe(false);
  });
});
