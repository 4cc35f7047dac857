/** Every unit as the map shows it: where it said it is, and how far it has come. */
import { computed, onBeforeUnmount, shallowRef, watch, type Ref } from 'vue';
import type { UnitAtWork } from '../../../src/dispatch/overview-schemas.ts';
import { api } from '../../shared/api.ts';
import type { DutyNow } from '../../shared/rosters.ts';
import { me } from '../../shared/session.ts';
import type { AssignmentState, Page } from '../../shared/types.ts';
import type { Centre } from '../centre.ts';
import { openAssignments } from '../incident-words.ts';
import { units } from '../names.ts';
import { unitImage } from './image-names.ts';
import type { MapUnit } from './scene.ts';
import { drawnAt, isBusy, unitState, type UnitState } from './unit-state.ts';

/** Duty changes with the shifts, work out of scope with its moves there: neither comes over this socket. */
const READ_EVERY_MS = 30_000;
/** Roles that see where units are; the others see them at their homes. */
const SEE_WORK = new Set(['district', 'subdistrict', 'leader', 'auditor', 'admin']);
const SEE_DUTY = new Set(['district', 'subdistrict', 'auditor', 'admin']);

export interface UnitWork {
  readonly state: AssignmentState;
  readonly role: 'lead' | 'assist';
  /** null: an incident out of scope. */
  readonly incident: string | null;
}

/** @param choice  what is chosen: units of the opened incident are drawn anyway, the others where the layer is on. */
export function useUnits(centre: Centre, choice: { readonly all: () => boolean; readonly chosen: Ref<string | null> }) {
  const duty = shallowRef<ReadonlyMap<string, DutyNow>>(new Map());
  const elsewhere = shallowRef<readonly UnitAtWork[]>([]);
  /** Looked at each ten seconds: positions age, also when nobody moves. */
  const tenSeconds = computed(() => Math.floor(centre.now.value.getTime() / 10_000) * 10_000);

  async function read(): Promise<void> {
    const role = me.value?.role ?? '';
    const reads: Promise<unknown>[] = [];
    if (SEE_DUTY.has(role)) {
      reads.push(api.get<Page<DutyNow>>('/rosters/on-duty').then(({ items }) => (duty.value = new Map(items.map((d) => [d.unit, d])))));
    }
    if (SEE_WORK.has(role)) reads.push(api.get<Page<UnitAtWork>>('/units/work').then(({ items }) => (elsewhere.value = items)));
    // What cannot be read now is read with the next turn; the connection line says that the service is away.
    await Promise.allSettled(reads);
  }
  const timer = setInterval(() => void (document.visibilityState === 'visible' && read()), READ_EVERY_MS);
  onBeforeUnmount(() => clearInterval(timer));
  watch([() => me.value?.role, centre.live.state], () => void read(), { immediate: true });

  /** What is seen here is newer than what was read of elsewhere. */
  const work = computed<ReadonlyMap<string, readonly UnitWork[]>>(() => {
    const by = new Map<string, UnitWork[]>();
    const add = (unit: string, one: UnitWork) => (by.has(unit) ? by.get(unit)!.push(one) : by.set(unit, [one]));
    for (const incident of centre.store.open.value) {
      for (const { unit, state, role } of openAssignments(incident)) add(unit, { state, role, incident: incident.id });
    }
    for (const { unit, state, role, incident } of elsewhere.value) {
      if (incident === null || !centre.store.all.value.has(incident)) add(unit, { state, role, incident });
    }
    return by;
  });
  const stateOf = (code: string): UnitState =>
    unitState(
      (work.value.get(code) ?? []).map((w) => w.state),
      duty.value.get(code)?.state,
    );

  const sent = computed(() => new Set((centre.opened.value ? openAssignments(centre.opened.value) : []).map((a) => a.unit)));
  /** One that has arrived at the opened incident stands there, whatever its device said last: its name is beside the incident. */
  const arrived = computed(
    () =>
      new Set((centre.opened.value ? openAssignments(centre.opened.value) : []).filter((a) => a.state === 'onScene').map((a) => a.unit)),
  );
  const shown = computed<MapUnit[]>(() => {
    const heard = centre.positions.heard.value;
    const nowMs = tenSeconds.value;
    const drawn: MapUnit[] = [];
    for (const unit of units.value.values()) {
      if (arrived.value.has(unit.code)) continue;
      const isSent = sent.value.has(unit.code);
      if (!isSent && !choice.all() && choice.chosen.value !== unit.code) continue;
      const at = drawnAt(unit.position, heard.get(unit.code), nowMs);
      if (!at) continue;
      const chosen = isSent || choice.chosen.value === unit.code;
      const state = stateOf(unit.code);
      drawn.push({ code: unit.code, image: unitImage(state, at.atHome, chosen), sent: isSent, busy: isBusy(state), ...at });
    }
    return drawn;
  });
  return { shown, duty, work, stateOf };
}
