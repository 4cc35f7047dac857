/** What is printed is made for paper, put beside the page while it prints, and taken away after. */
import { createApp, type Component } from 'vue';
import type { ExplainedClock } from '../../../src/dispatch/explain.ts';
import { api } from '../../shared/api.ts';
import { i18n, t } from '../../shared/i18n.ts';
import { serverNow } from '../../shared/server-time.ts';
import { paperTime } from '../../shared/time.ts';
import type { Page, WireMove } from '../../shared/types.ts';
import type { Centre } from '../centre.ts';
import type { CentreIncident } from '../incident.ts';
import './print.css';
import PrintDossier from './PrintDossier.vue';
import PrintQueue from './PrintQueue.vue';

/** A photo that has not come by then is printed as its caption. */
const LONGEST_WAIT_MS = 15_000;

/** @param name  of the file, where it is printed to one. */
async function onPaper(component: Component, props: Record<string, unknown>, name: string): Promise<void> {
  document.getElementById('printed')?.remove();
  const sheet = document.createElement('div');
  sheet.id = 'printed';
  document.body.append(sheet);
  const app = createApp(component, props).use(i18n);
  app.mount(sheet);
  const photos = [...sheet.querySelectorAll('img')].map((img) => img.decode().catch(() => undefined));
  await Promise.race([Promise.all(photos), new Promise((late) => setTimeout(late, LONGEST_WAIT_MS))]);
  document.documentElement.dataset.printing = 'sheet';
  const title = document.title;
  document.title = name;
  addEventListener(
    'afterprint',
    () => {
      document.title = title;
      delete document.documentElement.dataset.printing;
      app.unmount();
      sheet.remove();
    },
    { once: true },
  );
  print();
}

/** The record of one incident: facts, units, deadlines, log, photos. @throws ApiProblem when not all of it could be read: half a record is none. */
export async function printDossier(incident: CentreIncident): Promise<void> {
  const moves: WireMove[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: Page<WireMove> = await api.get<Page<WireMove>>(`/incidents/${incident.id}/moves`, { after, limit: 500 });
    moves.push(...page.items);
    after = page.next;
  }
  const { items: clocks } = await api.get<Page<ExplainedClock>>(`/incidents/${incident.id}/deadlines`);
  await onPaper(PrintDossier, { incident, moves, clocks, at: serverNow() }, `${t('centre.print.title')} ${incident.number}`);
}

/** The list as it stands on the screen, filter and order included. */
export function printQueue(centre: Centre): Promise<void> {
  const incidents = centre.ids.value.flatMap((id) => centre.store.all.value.get(id) ?? []);
  const at = serverNow();
  return onPaper(PrintQueue, { incidents, at }, `${t('centre.print.listTitle')} ${paperTime(at)}`);
}
