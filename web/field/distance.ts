/** Distances for people. No road network is known, so they are straight lines and say so where it matters. */
import { t } from '../shared/i18n.ts';
import { metresBetween } from '../shared/reference.ts';

const HERE_M = 15;
/** So near that a distance would say nothing. */
export const isHere = (metres: number) => metres < HERE_M;

/** 直线 380 米; 就在这里 needs no such word. */
export function straightWords(from: { lng: number; lat: number }, to: { lng: number; lat: number }): string {
  const far = farWords(from, to);
  return isHere(metresBetween(from, to)) ? far : t('field.straight', { far });
}

/** 380 米, 1.2 公里: tens of metres are all that a phone's position is good for. */
export function farWords(from: { lng: number; lat: number }, to: { lng: number; lat: number }): string {
  const metres = metresBetween(from, to);
  return isHere(metres) ? t('field.here') : lengthWords(metres);
}

/** Of a way whose length is known. */
export function lengthWords(metres: number): string {
  if (metres < 995) return t('field.metres', { n: Math.round(metres / 10) * 10 });
  return t('field.kilometres', { n: (metres / 1000).toFixed(1) });
}
