/** Which incidents stand on the map, and what a click on one does: the live ones, or those of the moment that is played. */
import { computed } from 'vue';
import type { Centre } from '../centre.ts';
import { leftMs } from '../queue/groups.ts';
import type { Here } from './engine.ts';
import { countsInALine, sameIncidents, type MapIncident } from './scene.ts';

/** What is said of an incident where several lie at one place. */
export interface IncidentFacts {
  readonly number: string;
  readonly category: string;
  readonly community: string;
}

/** The list itself where only time has passed: clusters are made from it. */
const unlessSame = (before: readonly MapIncident[] | undefined, incidents: readonly MapIncident[]) =>
  before && sameIncidents(before, incidents) ? before : incidents;

export function useScene(centre: Centre) {
  const { replay } = centre;
  /** Overdue changes with time, not only with moves: looked at each ten seconds, so that the map is not redrawn every second. */
  const tenSeconds = computed(() => Math.floor(centre.now.value.getTime() / 10_000) * 10_000);

  const live = computed<readonly MapIncident[]>((before) => {
    const chosen = centre.opened.value;
    const shown = centre.shown.value.some((i) => i.id === chosen?.id) || !chosen ? centre.shown.value : [...centre.shown.value, chosen];
    const incidents = shown.map((i) => ({
      id: i.id,
      level: i.level,
      late: leftMs(i, tenSeconds.value) <= 0,
      chosen: i.id === chosen?.id,
      position: i.position,
    }));
    return unlessSame(before, incidents);
  });
  const past = computed<readonly MapIncident[]>((before) => {
    // Overdue by the hand of the replay, to ten seconds as well.
    const at = Math.floor(replay.atMs.value / 10_000) * 10_000;
    const incidents = replay.standing.value.map(({ id, position, picture }) => ({
      id,
      level: picture.level,
      late: leftMs({ deadlines: picture.deadlines as never }, at) <= 0,
      chosen: id === replay.chosen.value,
      position,
    }));
    return unlessSame(before, incidents);
  });
  const places = computed(() => (replay.on.value ? replay.standing.value : centre.shown.value));

  return {
    incidents: computed(() => (replay.on.value ? past.value : live.value)),
    cells: computed(() => places.value.map((i) => i.cell)),
    here: computed<Here | null>(() => {
      const id = replay.chosen.value;
      const i = replay.on.value ? ((id && replay.tape.value?.incident(id)) ?? null) : centre.opened.value;
      return i ? { cell: i.cell, community: i.community, position: i.position } : null;
    }),
    subdistrictCounts: computed(() => countsInALine(centre.shown.value.map((i) => i.subdistrict))),
    factsOf: (id: string): IncidentFacts | undefined =>
      replay.on.value ? replay.tape.value?.incident(id) : centre.store.all.value.get(id),
    open(id: string): void {
      if (replay.on.value) replay.chosen.value = id;
      else centre.show(id);
    },
  };
}
