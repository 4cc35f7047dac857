/** What each act at a conference asks, and how its answer goes to the service. */
import type { ConferenceVerb } from '../../../../src/cobuild/chain/conference.ts';
import { dayInChina, instantInChina } from '../../../shared/day-words.ts';
import { t } from '../../../shared/i18n.ts';
import { clockTime } from '../../../shared/time.ts';
import type { Field, Values } from '../fields.ts';
import { orgName } from '../place-words.ts';
import type { ConferenceDetail, Member } from '../types.ts';

export function fieldsOf(verb: ConferenceVerb, conference: ConferenceDetail, members: readonly Member[]): readonly Field[] {
  switch (verb) {
    case 'amend':
      return [
        {
          name: 'startsAt',
          kind: 'moment',
          label: t('centre.cobuild.conferences.startsAt'),
          value: `${dayInChina(new Date(conference.startsAt))}T${clockTime(conference.startsAt)}`,
        },
        { name: 'venueZh', kind: 'line', label: t('centre.cobuild.conferences.venue'), max: 80, value: conference.venueZh },
        {
          name: 'venueEn',
          kind: 'line',
          label: t('centre.cobuild.conferences.venueEn'),
          max: 120,
          value: conference.venueEn,
          optional: true,
        },
      ];
    case 'hold':
    case 'correct':
      return [
        { name: 'minutes', kind: 'lines', label: t('centre.cobuild.conferences.minutes'), max: 20_000, value: conference.minutes },
        {
          name: 'attended',
          kind: 'several',
          label: t('centre.cobuild.conferences.whoCame'),
          optional: true,
          choices: members.filter((member) => member.appointed !== null).map((member) => ({ value: member.code, label: orgName(member) })),
          value: verb === 'correct' ? conference.attended : conference.replies.filter((reply) => reply.coming).map((reply) => reply.member),
        },
      ];
    default:
      return [{ name: 'reason', kind: 'line', label: t('centre.cobuild.reason'), max: 500, wide: true }];
  }
}

export function payloadOf(verb: ConferenceVerb, values: Values): object {
  if (verb !== 'amend') return values;
  const venueEn = values['venueEn'] || values['venueZh'];
  return { ...values, venueEn, startsAt: instantInChina(String(values['startsAt'])) };
}
