/** The inbox on a page with a socket: looks again each minute, because a colleague at another node may have seen something. */
import { onScopeDispose } from 'vue';
import type { NoticeItem } from '../../../src/ws/notice-item.ts';
import { api } from '../api.ts';
import type { Live } from '../live.ts';
import type { Page } from '../types.ts';
import { createNotices, type Notices } from './store.ts';

const PAGE_SIZE = 100;
const LOOK_EVERY_MS = 60_000;
/** The service takes so many at once. */
const MOST_AT_ONCE = 200;

/** @param receipt  of the page's socket, which may be made after this. */
export function openNotices(receipt: Live['receipt']): Notices {
  const notices = createNotices({
    open: () => api.get<Page<NoticeItem>>('/notices', { open: true, limit: PAGE_SIZE }),
    count: () => api.get<{ open: number }>('/notices/count'),
    acknowledge: (seqs) => api.post('/notices/acknowledge', { seqs: seqs.slice(0, MOST_AT_ONCE) }),
    receipt,
    later: (ms, run) => void setTimeout(run, ms),
  });
  const look = setInterval(() => document.visibilityState === 'visible' && void notices.load(), LOOK_EVERY_MS);
  onScopeDispose(() => clearInterval(look), true);
  return notices;
}
