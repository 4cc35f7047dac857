/** The view in the address: filter, opened incident and its tab, so that a reload or a link shows the same. Pure. */
import { readFilter, writeFilter, type Filter } from './queue/filter.ts';

export const TABS = ['progress', 'deadline', 'dispatch', 'push', 'repeats'] as const;
export type Tab = (typeof TABS)[number];

export interface View {
  readonly filter: Filter;
  readonly incident: string | null;
  readonly tab: Tab;
  readonly list: 'open' | 'ended';
  /** The page that stands in place of queue and map; null for those. Whether there is such a page is asked of `views.ts`. */
  readonly page: string | null;
}

export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const incident = query.get('incident') ?? '';
  const page = query.get('view') ?? '';
  return {
    filter: readFilter(query),
    incident: /^[0-9a-f-]{36}$/.test(incident) ? incident : null,
    tab: TABS.find((tab) => tab === query.get('tab')) ?? 'progress',
    list: query.get('list') === 'ended' ? 'ended' : 'open',
    page: /^[a-z]{1,30}$/i.test(page) ? page : null,
  };
}

/** @returns the query with its question mark, or an empty string; what is not the view's stays as it was. */
export function writeView(search: string, view: View): string {
  const query = writeFilter(new URLSearchParams(search), view.filter);
  if (view.incident) query.set('incident', view.incident);
  else query.delete('incident');
  if (view.incident && view.tab !== 'progress') query.set('tab', view.tab);
  else query.delete('tab');
  if (view.list === 'ended') query.set('list', 'ended');
  else query.delete('list');
  if (view.page) query.set('view', view.page);
  else query.delete('view');
  const text = query.toString();
  return text ? `?${text}` : '';
}
