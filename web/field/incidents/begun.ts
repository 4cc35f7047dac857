/** What was begun in the form of one action and has not all gone out: it is there when the form is opened again, for as long as the page lives. */
import { ref, type Ref } from 'vue';
import type { LocalPhoto } from '../../shared/photos.ts';
import type { Action } from './actions.ts';

export interface Begun {
  readonly photos: Ref<LocalPhoto[]>;
  /** One a command, made once: pressing again after a lost answer, or after the form was closed over it, does nothing twice. */
  keys: string[];
  /** So many of its commands have gone out. */
  sent: number;
}

const all = new Map<string, Begun>();
const nameOf = (incident: string, action: Action) => `${incident} ${action}`;

export function begunIn(incident: string, action: Action): Begun {
  const known = all.get(nameOf(incident, action));
  if (known) return known;
  const fresh: Begun = { photos: ref([]), keys: [], sent: 0 };
  all.set(nameOf(incident, action), fresh);
  return fresh;
}

/** All of it has gone out. */
export function finish(incident: string, action: Action): void {
  for (const { url } of all.get(nameOf(incident, action))?.photos.value ?? []) URL.revokeObjectURL(url);
  all.delete(nameOf(incident, action));
}
