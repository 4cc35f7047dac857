/** What one person has typed in a tab comes back to them, and to nobody else. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Me } from '../../web/shared/types.ts';
import { type Device, newDevice, openPage } from './support/page.ts';

const person = (account: string) => ({ account, role: 'community' }) as unknown as Me;
let device: Device;
beforeEach(() => {
  device = newDevice();
});
afterEach(() => vi.unstubAllGlobals());

/** Opens the tab anew for somebody; the forms are loaded before it is known for whom. */
async function open(account: string) {
  const page = openPage(device);
  const { me } = await import('../../web/shared/session.ts');
  const moves = await import('../../web/centre/moves/drafts.ts');
  const report = await import('../../web/centre/report/report-draft.ts');
  const settings = await import('../../web/centre/settings/draft.ts');
  const { useTyped } = await import('../../web/shared/typed.ts');
  me.value = person(account);
  return { page, me, moves, report, settings, useTyped };
}

describe('in the centre', () => {
  async function leaveWords(): Promise<void> {
    const { page, me, moves, report, settings } = await open('community.1');
    moves.draftOf('i1', 'reject').text.reason = '已经有人报过';
    report.draft.description = '张大爷家门口';
    settings.draft.limits = { 'R3:call': { value: 2, unit: 'hours', kind: 'working' } };
    // Signing out comes before the page goes away.
    me.value = null;
    page.fire('pagehide');
  }

  it('words are there again for whoever typed them', async () => {
    await leaveWords();
    const { moves, report, settings } = await open('community.1');
    expect(moves.hasDraft('i1', 'reject')).toBe(true);
    expect(report.draft.description).toBe('张大爷家门口');
    expect(Object.keys(settings.draft.limits)).toEqual(['R3:call']);
  });

  it('the next person in the tab finds empty forms', async () => {
    await leaveWords();
    const { moves, report, settings } = await open('community.2');
    expect(moves.hasDraft('i1', 'reject')).toBe(false);
    expect(report.hasReportDraft()).toBe(false);
    expect(settings.limitChanges(settings.draft)).toBe(0);
  });
});

describe('one text of a sheet', () => {
  it('is its own person’s, and gone once it was sent', async () => {
    const first = await open('unit.1');
    first.useTyped('comment.i1').text.value = '路上堵车';
    expect((await open('unit.2')).useTyped('comment.i1').text.value).toBe('');
    const { text, clear } = (await open('unit.1')).useTyped('comment.i1');
    expect(text.value).toBe('路上堵车');
    clear();
    expect((await open('unit.1')).useTyped('comment.i1').text.value).toBe('');
  });
});
