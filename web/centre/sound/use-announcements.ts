/** What the page says without being asked: a new R1 aloud and with a tick, the counts politely, the overdue ones in the tab's title. */
import { ref, watch } from 'vue';
import { locale, t } from '../../shared/i18n.ts';
import { levelWord } from '../../shared/words.ts';
import type { Centre } from '../centre.ts';
import { categoryName, communityShort } from '../names.ts';
import { tick } from './tick.ts';

/** @returns the sentence for an assertive live region. */
export function useAnnouncements(centre: Centre) {
  const alarm = ref('');
  const told = new Set<string>();
  watch(
    () => [...centre.store.fresh],
    (ids) => {
      for (const id of ids) {
        const incident = centre.store.all.value.get(id);
        if (incident?.level !== 'R1' || told.has(id)) continue;
        told.add(id);
        alarm.value = t('centre.newR1', {
          level: levelWord('R1', locale.value),
          what: categoryName(incident.category),
          where: communityShort(incident.community),
        });
        tick();
      }
    },
  );

  const late = centre.lateCount;
  const { asking, alarms } = centre.notices;
  watch(
    [late, asking, locale],
    () => {
      const counts = [
        ...(late.value ? [`(${late.value}) ${t('centre.queue.overdue')}`] : []),
        ...(asking.value ? [`(${asking.value}) ${t('shared.notices.title')}`] : []),
      ];
      document.title = [...counts, t('centre.title'), t('centre.brand')].join(' · ');
    },
    { immediate: true },
  );
  // Only what somebody waits for; the rest is seen when one looks.
  watch(alarms, () => {
    tick();
    centre.say(t('shared.notices.count', { n: centre.notices.count.value || 1 }));
  });
  watch([() => centre.store.open.value.length, late], ([n, l]) => centre.say(t('centre.queue.live', { n, late: l })));
  return { alarm };
}
