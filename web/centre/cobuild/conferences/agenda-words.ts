/** An item of an agenda in words. */
import { locale, t } from '../../../shared/i18n.ts';
import type { AgendaItem } from '../types.ts';

/** What somebody typed, or what it was drafted from. */
export const agendaText = (item: AgendaItem) => (locale.value === 'en' && item.textEn ? item.textEn : item.textZh);

/** One line: of what was drafted, its heading; of what was typed, the whole. */
export function agendaHead(item: AgendaItem): string {
  return item.kind === 'other' ? agendaText(item) : t(`centre.cobuild.agenda.${item.kind}`, { n: item.refs.length });
}
