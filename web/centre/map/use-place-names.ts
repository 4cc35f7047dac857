/** Keeps the names of places aside of what stands on the map: written anew once the map rests, or when another mark stands there. */
import { onBeforeUnmount, type Ref } from 'vue';
import type { EngineOptions, MapEngine } from './engine.ts';
import type { Ground } from './ground.ts';
import { sameBox, type Box } from './label-room.ts';
import { nameSize } from './name-images.ts';
import { makeNamePlaces, type NameSize } from './name-places.ts';
import { AT_REST, type Mark } from './scene.ts';

/** The map has come to rest when it has not moved for so long. */
const AFTER_MS = 200;

/** @param size  of the map, CSS px; 0 while it is not shown. */
export function usePlaceNames(ground: Ground, engine: Ref<MapEngine | undefined>, size: () => NameSize, nameOf: EngineOptions['nameOf']) {
  let places = make();
  let incidents: readonly Mark[] = [];
  let resting: readonly Mark[] = [];
  let labels: readonly Box[] = [];
  let told = '';
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function make() {
    const sizes = new Map<string, NameSize>();
    return makeNamePlaces({ subdistricts: ground.subdistrictLabels, communities: ground.communityLabels }, (kind, code) => {
      const known = sizes.get(code) ?? nameSize(nameOf(kind, code), kind === 'subdistrict');
      sizes.set(code, known);
      return known;
    });
  }
  function write(): void {
    if (!engine.value || size().height === 0) return;
    const names = places(engine.value, size(), [...incidents, ...resting], labels);
    // Told only when one of them is written elsewhere: each telling is a layer made anew.
    const now = JSON.stringify(names);
    if (now === told) return;
    told = now;
    engine.value.setNames(names);
  }
  function soon(): void {
    clearTimeout(waiting);
    waiting = setTimeout(write, AFTER_MS);
  }
  onBeforeUnmount(() => clearTimeout(waiting));

  return {
    soon,
    /** Tells what is drawn. Incidents are another array when one of them has changed; of the units those count that do not move. */
    giveWayTo(incidentMarks: readonly Mark[], unitMarks: readonly Mark[]): void {
      const still = unitMarks.filter((mark) => mark.rank === AT_REST);
      const same = incidentMarks === incidents && still.length === resting.length && still.every((mark, i) => mark.key === resting[i]!.key);
      incidents = incidentMarks;
      resting = still;
      if (!same) soon();
    },
    /** Tells where the names of units are written, CSS px. */
    giveWayToLabels(boxes: readonly Box[]): void {
      const same = boxes.length === labels.length && boxes.every((box, i) => sameBox(box, labels[i]!));
      labels = boxes;
      if (!same) soon();
    },
    /** In another language the names have another size. */
    remake(): void {
      places = make();
      told = '';
      soon();
    },
  };
}
