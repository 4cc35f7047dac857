/** The incidents of this unit as last read, and how to read them again. */
import { type Ref, ref, shallowRef } from 'vue';
import { api, asProblem } from '../shared/api.ts';
import type { ApiProblem } from '../shared/problem.ts';
import type { Page, WireIncident } from '../shared/types.ts';
import { makeWanted } from '../shared/wanted.ts';

export interface Board {
  readonly incidents: Ref<ReadonlyMap<string, WireIncident>>;
  /** True until the first reading ended, well or not. */
  readonly first: Ref<boolean>;
  readonly problem: Ref<ApiProblem | null>;
  /** The whole list: at the start, after a break, when asked. */
  refresh(): Promise<void>;
  /** One incident again, until it worked; several calls in the same moment become one reading each. */
  load(id: string): void;
  /** The service is there again: what could not be read is read now. */
  hurry(): void;
  take(incident: WireIncident): void;
}

/** How many ended ones the list shows. */
const RECENT = 20;
const OPEN_LIMIT = 100;

export function openBoard(unit: string, onTaken: (incident: WireIncident) => void, onGone: (id: string) => void): Board {
  const incidents = shallowRef<ReadonlyMap<string, WireIncident>>(new Map());
  const first = ref(true);
  const problem = shallowRef<ApiProblem | null>(null);
  function take(incident: WireIncident): void {
    const known = incidents.value.get(incident.id);
    // Answers may overtake each other: an older version never replaces a newer one.
    if (known && known.version > incident.version) return;
    incidents.value = new Map(incidents.value).set(incident.id, incident);
    onTaken(incident);
  }

  async function read(id: string): Promise<void> {
    try {
      take(await api.get<WireIncident>(`/incidents/${id}`));
    } catch (thrown) {
      const { status } = asProblem(thrown);
      if (status === 404) onGone(id);
      throw thrown;
    }
  }
  const wanted = makeWanted(read);

  return {
    incidents,
    first,
    problem,
    take,
    async refresh() {
      try {
        const [open, recent] = await Promise.all([
          api.get<Page<WireIncident>>('/incidents', { unit, open: true, order: 'due', limit: OPEN_LIMIT }),
          api.get<Page<WireIncident>>('/incidents', { unit, limit: RECENT }),
        ]);
        for (const incident of [...open.items, ...recent.items]) take(incident);
        problem.value = null;
      } catch (thrown) {
        problem.value = asProblem(thrown);
      } finally {
        first.value = false;
      }
    },
    load: (id) => wanted.want([id]),
    hurry: wanted.hurry,
  };
}
