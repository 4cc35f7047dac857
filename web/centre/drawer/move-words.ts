/** A line of the log in words: what happened, to which units, and the details. The drawer and the printed record say the same. */
import { locale, t } from '../../shared/i18n.ts';
import { span } from '../../shared/time.ts';
import type { Level, WireMove } from '../../shared/types.ts';
import { levelWord, moveWord } from '../../shared/words.ts';
import { listed } from '../incident-words.ts';
import { unitsSaid } from '../../shared/move-units.ts';
import { placeName, unitShort } from '../names.ts';
import { photoCount, releasedWith, toldBy } from './log-lines.ts';

export function whatOf(move: WireMove): string {
  if (move.verb === 'extend' && typeof move.payload.grant === 'boolean')
    return t(move.payload.grant ? 'centre.log.extendGranted' : 'centre.log.extendRefused');
  if (move.verb === 'extend') return t('centre.log.extendAsked');
  if (move.verb === 'forceClose' && move.to !== 'closed') return t('centre.log.forceCloseAsked');
  return moveWord(move, locale.value);
}

export const aboutOf = (move: WireMove): string => listed(unitsSaid(move).map(unitShort));

export function detailsOf(move: WireMove): string[] {
  const details: string[] = [];
  if (move.verb === 'regrade' && typeof move.payload.level === 'string')
    details.push(t('centre.log.toLevel', { level: levelWord(move.payload.level as Level, locale.value) }));
  if (move.verb === 'extend' && typeof move.payload.by === 'number')
    details.push(t('centre.log.byHours', { time: span(move.payload.by, locale.value) }));
  if (typeof move.payload.supervise === 'number' && move.payload.share === undefined)
    details.push(t(`centre.hints.supervise${move.payload.supervise}`));
  const withIt = releasedWith(move);
  if (withIt.length > 0) details.push(t('centre.log.releasedWith', { units: listed(withIt.map(unitShort)) }));
  const told = toldBy(move.payload);
  if (told.length > 0) details.push(t('centre.log.told', { places: listed(told.map(placeName)) }));
  const photos = photoCount(move.payload);
  if (photos > 0) details.push(t('centre.log.photos', { n: photos }));
  return details;
}
