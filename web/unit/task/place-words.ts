/** Distances and directions in the language shown. */
import { t } from '../../shared/i18n.ts';
import { roundedDistance } from './distance.ts';

/** 1.8 公里. */
export function distanceWords(metres: number): string {
  const { value, unit } = roundedDistance(metres);
  return t(unit === 'm' ? 'unit.place.metres' : 'unit.place.kilometres', { n: value });
}
