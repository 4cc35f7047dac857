/** A place that rings or is told, as people call it. */
import { t } from '../../shared/i18n.ts';
import { cellShort, communityName, communityShort, subdistrictName, unitName } from '../names.ts';

/** @param recipient  `unit:<code>`, `cell:<code>`, `community:<code>`, `subdistrict:<code>`, `leader:<community>`, `district`. */
export function placeName(recipient: string): string {
  const [kind = '', code = ''] = recipient.split(':');
  switch (kind) {
    case 'unit':
      return unitName(code);
    case 'community':
      return communityName(code);
    case 'subdistrict':
      return subdistrictName(code);
    case 'cell':
      return `${communityShort(code.slice(0, 12))} ${cellShort(code)}`;
    case 'leader':
      return `${t('centre.actors.leader')} · ${communityShort(code)}`;
    case 'district':
      return t('centre.actors.district');
    default:
      return recipient;
  }
}
