/** One person, two pages of the field: the app on the home screen and a tab share one outbox. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDraft, withStored, type Draft } from '../../web/field/outbox/plan.ts';
import { keepIn, memoryDb, type MemoryDb } from './support/kept.ts';
import { json, newDevice, openPage, settle } from './support/page.ts';

const now = new Date('2026-11-23T07:00:00Z');
const draft = (key: string, by: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(key, 'grid.1', now),
  category: 'C0101-01',
  description: '井盖不见了',
  position: { lng: 113.03, lat: 23.7, accuracyM: 6 },
  ...by,
});
const queued = (key: string, by: Partial<Draft> = {}) => draft(key, { stage: 'queued', queuedAt: now.toISOString(), ...by });

describe('what another page has done', () => {
  const was = new Set(['a']);
  it.each<[string, Draft, Draft[], Draft[]]>([
    ['sent it: it is gone here too', queued('a'), [], []],
    ['has sent half of it', queued('a'), [queued('a', { incident: 'i' })], [queued('a', { incident: 'i' })]],
    ['has put it into the queue', draft('a'), [queued('a')], [queued('a')]],
    ['was refused', queued('a'), [draft('a', { stage: 'refused' })], [draft('a', { stage: 'refused' })]],
    ['nothing: what is written here is newest here', draft('a', { description: '新' }), [draft('a')], [draft('a', { description: '新' })]],
    ['nothing: put into the queue here a moment ago', queued('a'), [draft('a')], [queued('a')]],
    ['has begun another', draft('a'), [draft('a'), draft('b')], [draft('a'), draft('b')]],
  ])('%s', (_what, mine, stored, then) => {
    expect(withStored([mine], stored, was)).toEqual(then);
  });
  it('does not touch what could never be stored: it is here alone', () => {
    expect(withStored([queued('memory')], [], was)).toEqual([queued('memory')]);
  });
});

describe('two pages at once', () => {
  let db: MemoryDb;
  let locked: Promise<unknown>;
  beforeEach(() => {
    db = memoryDb();
    locked = Promise.resolve();
  });
  afterEach(() => vi.unstubAllGlobals());

  /** Opens the outbox as one more page. The lock is the browser's: one for all of them. */
  async function page(service: Parameters<typeof openPage>[1]) {
    const opened = openPage(newDevice(), service);
    vi.stubGlobal('navigator', {
      onLine: true,
      locks: { request: (_name: string, run: () => Promise<void>) => (locked = locked.then(run, run)) },
    });
    keepIn(db);
    const outbox = await import('../../web/field/outbox/outbox.ts');
    return { ...opened, outbox };
  }

  it('a report goes out once, and is not called refused by the page that comes second', async () => {
    await db.put('outbox', queued('report-1'));
    const sent: unknown[] = [];
    let answer: (response: Response) => void = () => undefined;
    const service: Parameters<typeof openPage>[1] = ({ key, body }) => {
      sent.push([key, body]);
      return new Promise<Response>((done) => (answer = done));
    };
    const first = await page(service);
    await first.outbox.openOutbox('grid.1', () => undefined);
    const second = await page(service);
    await second.outbox.openOutbox('grid.1', () => undefined);
    await settle();
    expect(sent).toHaveLength(1);
    expect(second.outbox.waiting.value).toHaveLength(1);
    answer(json({ id: 'incident-1' }, 201));
    await vi.waitFor(() => expect(second.outbox.waiting.value).toEqual([]));
    expect(first.outbox.waiting.value).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(await db.getAllKeys('outbox')).toEqual([]);
  });

  it('one that was sent elsewhere while it was open here is not begun anew', async () => {
    await db.put('outbox', draft('report-1'));
    const { outbox } = await page(undefined);
    await outbox.openOutbox('grid.1', () => undefined);
    await db.delete('outbox', 'report-1');
    await outbox.saveDraft(draft('report-1', { description: '还在写' }));
    expect(await db.getAllKeys('outbox')).toEqual([]);
    expect(outbox.draftOf('report-1')).toBeUndefined();
  });
});
