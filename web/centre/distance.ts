/** Metres in words. Straight lines: no roads are known here. */
import { t } from '../shared/i18n.ts';

/** Under a kilometre to ten metres, above to a tenth of a kilometre. */
export function distanceWords(metres: number): string {
  if (metres < 995) return t('centre.map.metres', { n: Math.round(metres / 10) * 10 });
  return t('centre.map.kilometres', { n: (metres / 1_000).toFixed(1) });
}
