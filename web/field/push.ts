/** Web push of the grid worker's page: what asks the cell for something comes with the page closed too. Made once, for as long as the page lives. */
import { effectScope, inject, type InjectionKey } from 'vue';
import { useWebPush, type WebPush } from '../shared/push/use-web-push.ts';
import { followIncidents, notices, reload } from './incidents/store.ts';

export const PUSH: InjectionKey<WebPush> = Symbol('push');

/** @param open  the page of an incident, or of all that is asked for */
export function startPush(open: (incident: string | null) => void): WebPush {
  return effectScope(true).run(() =>
    useWebPush((said) => {
      if (said.type === 'open') return open(said.incident);
      // A push comes where the socket was not heard from: what it may have missed is read, and the socket opened anew.
      void reload();
      void notices.load();
      followIncidents().retry();
    }),
  )!;
}

export function usePush(): WebPush {
  const push = inject(PUSH);
  if (!push) throw new Error('a part of the field page was mounted outside of it');
  return push;
}
