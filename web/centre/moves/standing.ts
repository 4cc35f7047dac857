/** Every unit as it stands for one incident: how far, who is on duty, who stands in. Read when it is looked at, and again when the incident moves. */
import { computed } from 'vue';
import type { StandingUnit } from '../../../src/dispatch/schemas.ts';
import type { Page } from '../../shared/types.ts';
import { useFetched } from '../drawer/use-fetched.ts';
import type { CentreIncident } from '../incident.ts';

export type Standing = ReadonlyMap<string, StandingUnit>;

/** @param wanted  false reads nothing. */
export function useStanding(incident: () => CentreIncident, wanted: () => boolean) {
  const read = useFetched<Page<StandingUnit>>(
    () => (wanted() ? `/incidents/${incident().id}/units` : null),
    () => incident().version,
  );
  return computed<Standing>(() => new Map((read.data.value?.items ?? []).map((u) => [u.unit, u])));
}
