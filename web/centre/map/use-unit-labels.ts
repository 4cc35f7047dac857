/** Names and states of the units that are sent to the opened incident, and how old their positions are. */
import { computed } from 'vue';
import { locale, t } from '../../shared/i18n.ts';
import { ago } from '../../shared/time.ts';
import type { WireAssignment } from '../../shared/types.ts';
import { assignmentWord } from '../../shared/words.ts';
import type { Centre } from '../centre.ts';
import { openAssignments } from '../incident-words.ts';
import { unitShort } from '../names.ts';
import type { UnitLabel } from './MapLabels.vue';
import type { useUnits } from './use-units.ts';

export function useUnitLabels(centre: Centre, units: ReturnType<typeof useUnits>) {
  const nameWithPart = ({ unit, role }: WireAssignment) =>
    `${unitShort(unit)} · ${t(role === 'lead' ? 'centre.progress.lead' : 'centre.progress.assist')}`;

  return computed<UnitLabel[]>(() => {
    const incident = centre.opened.value;
    if (!incident) return [];
    const assignments = openAssignments(incident);
    const arrived = assignments
      .filter((a) => a.state === 'onScene')
      .map((a) => ({ name: nameWithPart(a), state: assignmentWord(a.state, locale.value) }));
    const drawn = new Map(units.shown.value.filter((u) => u.sent).map((u) => [u.code, u]));
    const leadFirst = assignments
      .filter((a) => a.state !== 'onScene')
      .sort((a, b) => Number(b.role === 'lead') - Number(a.role === 'lead'));
    return [
      ...(arrived.length ? [{ at: incident.position, atScene: true, lines: arrived }] : []),
      ...leadFirst.flatMap((a) => {
        const unit = drawn.get(a.unit);
        if (!unit) return [];
        const word = assignmentWord(a.state, locale.value);
        const heard = centre.positions.heard.value.get(a.unit);
        const state =
          unit.atHome || !heard
            ? t('centre.map.atBase', { state: word })
            : t('centre.map.seenAgo', { state: word, ago: ago(heard.at, centre.now.value, locale.value) });
        return [{ at: unit.position, atScene: false, lines: [{ name: nameWithPart(a), state }] }];
      }),
    ];
  });
}
