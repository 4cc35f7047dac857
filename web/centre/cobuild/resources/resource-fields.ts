/** What is asked of a resource: when it is listed, and when it is changed; and how it goes to the service. */
import { GUEST_TYPE, hoursOf, RESOURCE_KINDS } from '../../../../src/cobuild/chain/booking.ts';
import { t } from '../../../shared/i18n.ts';
import { communities, communityShort, subdistrictName, units, unitType } from '../../names.ts';
import type { Choice, Field, Values } from '../fields.ts';
import type { Resource } from '../needs-types.ts';

const label = (name: string) => t(`centre.cobuild.resources.fields.${name}`);
const HOUR_MIN = 60;
/** Thirty days, as the service takes it. */
const MOST_NOTICE_H = 720;

/** What may be changed of one that is listed. */
function terms(resource?: Resource): readonly Field[] {
  const [opens = '08:00', closes = '18:00'] = resource?.hours.split('-') ?? [];
  return [
    {
      kind: 'number',
      name: 'quantity',
      label: t('centre.cobuild.needs.quantity'),
      least: 1,
      most: 100_000,
      value: resource?.quantity ?? 1,
    },
    { kind: 'clock', name: 'opens', label: label('opens'), value: opens },
    // A field for times has no 24:00.
    { kind: 'clock', name: 'closes', label: label('closes'), value: closes === '24:00' ? '00:00' : closes, hint: label('closesHint') },
    {
      kind: 'number',
      name: 'notice',
      label: label('notice'),
      least: 0,
      most: MOST_NOTICE_H,
      value: Math.ceil((resource?.noticeMinutes ?? 0) / HOUR_MIN),
    },
    {
      kind: 'line',
      name: 'conditionZh',
      label: label('condition'),
      max: 200,
      optional: true,
      wide: true,
      value: resource?.conditionZh ?? '',
    },
  ];
}

/** @param members  whose it may be. @param areas  how the codes of places begin in which it may stand. */
export function listingFields(members: readonly Choice[], areas: readonly string[]): readonly Field[] {
  const places = [...communities.value.values()].filter(({ code }) => areas.some((area) => code.startsWith(area)));
  const types = new Map([...units.value.values()].filter(({ type }) => type !== GUEST_TYPE).map((unit) => [unit.type, unitType(unit)]));
  const owner: readonly Field[] =
    members.length === 1 ? [] : [{ kind: 'choice', name: 'member', label: label('member'), choices: members, wide: true }];
  return [
    ...owner,
    { kind: 'line', name: 'nameZh', label: label('name'), max: 60, wide: true },
    {
      kind: 'choice',
      name: 'kind',
      label: label('kind'),
      choices: RESOURCE_KINDS.map(({ code }) => ({ value: code, label: t(`centre.cobuild.resources.kinds.${code}`) })),
    },
    {
      kind: 'choice',
      name: 'community',
      label: label('community'),
      choices: places.map(({ code, subdistrict }) => ({ value: code, label: `${subdistrictName(subdistrict)} · ${communityShort(code)}` })),
    },
    { kind: 'line', name: 'unitZh', label: t('centre.cobuild.needs.unit'), max: 20, hint: t('centre.cobuild.needs.unitHint') },
    ...terms(),
    {
      kind: 'choice',
      name: 'standsForType',
      label: label('standsFor'),
      optional: true,
      wide: true,
      hint: label('standsForHint'),
      choices: [...types].map(([value, name]) => ({ value, label: name })),
    },
  ];
}

export const amendingFields = (resource: Resource): readonly Field[] => terms(resource);

/** Open and close as one span; the whole day where both are the same. */
function hours(opens: string, closes: string): string {
  const end = closes === '00:00' ? '24:00' : closes;
  const span = `${opens}-${end}`;
  const { fromMin, toMin } = hoursOf(span);
  return toMin > fromMin && opens !== closes ? span : '00:00-24:00';
}

function termsOf(values: Values): object {
  const { opens, closes, quantity, notice, conditionZh } = values as Record<string, string>;
  const condition = conditionZh?.trim();
  return {
    quantity: Number(quantity),
    hours: hours(opens!, closes!),
    noticeMinutes: Number(notice) * HOUR_MIN,
    ...(condition ? { conditionZh: condition } : {}),
  };
}

export function listingOf(values: Values, member: string): object {
  const { nameZh, kind, community, unitZh, standsForType } = values as Record<string, string>;
  return { member, nameZh, kind, community, unitZh, standsForType: standsForType || null, ...termsOf(values) };
}

export const amendmentOf = (values: Values): object => ({ verb: 'amend', ...termsOf(values) });
