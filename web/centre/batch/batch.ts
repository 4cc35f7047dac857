/** What is being done with several: it goes on when its panel is closed, and is found there again. */
import { computed, ref, shallowRef } from 'vue';
import type { ActionName } from '../moves/actions.ts';
import type { Draft } from '../moves/forms.ts';
import { batchBody, type BatchIncident } from './actions.ts';
import { makeRun, type Run } from './run.ts';

export interface BatchDeps<T extends BatchIncident> {
  /** An incident as it is at the service now. */
  readonly refresh: (id: string) => Promise<T>;
  /** One move. @throws what it is refused with. */
  readonly send: (id: string, body: Record<string, unknown>, key: string) => Promise<void>;
  /** Called after each round, whoever looks at it by then. */
  readonly ended: (action: ActionName, done: readonly string[], undone: readonly string[]) => void;
}

export function makeBatch<T extends BatchIncident>({ refresh, send, ended }: BatchDeps<T>) {
  const action = ref<ActionName | null>(null);
  const run = shallowRef<Run | null>(null);
  const idsOf = (wanted: boolean) => run.value?.lines.flatMap((line) => ((line.state === 'done') === wanted ? [line.id] : [])) ?? [];
  const done = computed(() => idsOf(true));
  const undone = computed(() => idsOf(false));
  const busy = computed(() => run.value?.busy ?? false);

  /** Sends what is not done. */
  async function go(): Promise<void> {
    const [going, doing] = [run.value, action.value];
    if (going === null || doing === null || going.busy) return;
    await going.go();
    ended(doing, done.value, undone.value);
  }
  return {
    /** What was chosen for those selected. */
    action,
    run,
    done,
    undone,
    busy,
    go,
    /** Another one while one is under way would say the same twice: it is not begun. */
    async start(chosen: ActionName, targets: readonly T[], said: Draft): Promise<void> {
      if (busy.value) return;
      action.value = chosen;
      /** What goes out under a key stays what it was: the same key with other words would be refused. A new key says that it is asked anew. */
      const bodies = new Map<string, Record<string, unknown>>();
      const seen = new Map(targets.map((incident) => [incident.id, incident]));
      run.value = makeRun([...seen.keys()], async (id, key) => {
        let body = bodies.get(key);
        if (body === undefined) {
          const incident = seen.get(id) ?? (await refresh(id));
          // The next key is for what the incident is by then.
          seen.delete(id);
          bodies.set(key, (body = batchBody(chosen, said, incident)));
        }
        await send(id, body, key);
      });
      await go();
    },
    /** What came of it was read: the next choice begins. */
    forget(): void {
      if (busy.value) return;
      run.value = null;
      action.value = null;
    },
  };
}
export type Batch = ReturnType<typeof makeBatch>;
