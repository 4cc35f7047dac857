/** Why a unit is recommended, and why a place stays empty: said in both languages. Pure. */
import type { Candidate, Found, Out, RunCardUnit } from './candidates.ts';
import { shownInChina } from '../../china-time.ts';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Puts parts one after the other, as a sentence of each language. */
export function joined(parts: readonly Words[]): Words {
  return { zh: parts.map((p) => p.zh).join('；'), en: parts.map((p) => p.en).join('; ') };
}

const name = ({ nameZh, nameEn }: RunCardUnit): Words => ({ zh: nameZh, en: nameEn });
const km = (metres: number) => (metres / 1000).toFixed(1);
/** Whole minutes, at least one: "0 minutes ago" would be read as a fault. */
const minutes = (ms: number) => Math.max(1, Math.floor(ms / 60_000));
const DAY_MS = 86_400_000;

/** `20:00` within a day from now; else with the date. */
function clockTime(time: string, nowMs: number): Words {
  const at = Date.parse(time);
  const there = shownInChina(at).toISOString();
  const clock = there.slice(11, 16);
  if (Math.abs(at - nowMs) < DAY_MS) return { zh: clock, en: clock };
  const [month, day] = [Number(there.slice(5, 7)), Number(there.slice(8, 10))];
  return { zh: `${month}月${day}日 ${clock}`, en: `${there.slice(0, 10)} ${clock}` };
}

/** `3.2 公里（2 分钟前的位置）` */
function away({ distanceM, from, positionAgeMs }: Candidate): Words {
  const d = km(distanceM);
  if (from === 'position') {
    const ago = minutes(positionAgeMs!);
    return { zh: `${d} 公里（${ago} 分钟前的位置）`, en: `${d} km (position of ${ago} min ago)` };
  }
  if (positionAgeMs === null) return { zh: `${d} 公里（按驻地，没有实时位置）`, en: `${d} km (from its home, no position known)` };
  const old = minutes(positionAgeMs);
  return { zh: `${d} 公里（按驻地，位置已是 ${old} 分钟前）`, en: `${d} km (from its home, the position is ${old} min old)` };
}

function onDutyUntil({ duty }: Candidate, nowMs: number): Words {
  if (duty.until === null) return { zh: '在岗', en: 'on duty' };
  const until = clockTime(duty.until, nowMs);
  return { zh: `在岗，本班到 ${until.zh}`, en: `on duty, this shift until ${until.en}` };
}

/** `无人在岗，08:00 上班` */
function offUntil({ duty }: Pick<Candidate, 'duty'>, nowMs: number): Words {
  if (duty.next === null) return { zh: '当班无人', en: 'nobody on duty' };
  const from = clockTime(duty.next.from, nowMs);
  return { zh: `当班无人，${from.zh} 上班`, en: `nobody on duty until ${from.en}` };
}

/** Why this one. @param elsewhere  it does not serve the subdistrict and comes to help. */
export function whyFound({ by, candidate, standsInFor }: Found, type: Words, nowMs: number, elsewhere: boolean): Words {
  const who = name(candidate.unit);
  const how = away(candidate);
  const duty = onDutyUntil(candidate, nowMs);
  const help = elsewhere ? { zh: '，跨街镇支援', en: ', comes from outside its area' } : { zh: '', en: '' };
  switch (by) {
    case 'onDuty':
      return {
        zh: `最近的在岗${type.zh}：${who.zh}，${how.zh}，${duty.zh}${help.zh}`,
        en: `Nearest ${type.en} on duty: ${who.en}, ${how.en}, ${duty.en}${help.en}`,
      };
    case 'onCall':
      return {
        zh: `没有在岗的${type.zh}；${who.zh}电话值守，${how.zh}${help.zh}`,
        en: `No ${type.en} is on duty; ${who.en} is on call, ${how.en}${help.en}`,
      };
    case 'standIn': {
      const absent = name(standsInFor!);
      return {
        zh: `${absent.zh}当班无人，由替补${who.zh}顶上，${how.zh}，${duty.zh}`,
        en: `Nobody is on duty at ${absent.en}; ${who.en} stands in for it, ${how.en}, ${duty.en}`,
      };
    }
  }
}

/** The stand-in may not lead: it guards the place until a lead is found. */
export function whyGuards({ candidate, standsInFor }: Found, nowMs: number): Words {
  const [who, absent] = [name(candidate.unit), name(standsInFor!)];
  const [how, duty] = [away(candidate), onDutyUntil(candidate, nowMs)];
  return {
    zh: `${absent.zh}当班无人，替补${who.zh}只能先看护现场，${how.zh}，${duty.zh}`,
    en: `Nobody is on duty at ${absent.en}; its stand-in ${who.en} may only secure the place, ${how.en}, ${duty.en}`,
  };
}

/** A nearer unit that was not taken, in a few words. */
export function whyPassed({ unit, duty }: Candidate, out: Out | undefined, nowMs: number): Words {
  const who = name(unit);
  if (out === 'declined') return { zh: `更近的${who.zh}已退单`, en: `the nearer ${who.en} has declined` };
  if (duty.state === 'onCall') return { zh: `更近的${who.zh}只有电话值守`, en: `the nearer ${who.en} is only on call` };
  if (duty.state === 'on') return { zh: `更近的${who.zh}只能协办`, en: `the nearer ${who.en} may only assist` };
  const off = offUntil({ duty }, nowMs);
  return { zh: `更近的${who.zh}${off.zh}`, en: `the nearer ${who.en}: ${off.en}` };
}

export const noneServes = (type: Words): Words => ({ zh: `没有负责这个街镇的${type.zh}`, en: `No ${type.en} serves this subdistrict` });
export const noneExists = (type: Words): Words => ({ zh: `全区没有${type.zh}`, en: `The district has no ${type.en}` });
export const assistsOnly = (type: Words): Words => ({ zh: `${type.zh}只能协办`, en: `Every ${type.en} may only assist` });

/** @param elsewhere  units of the whole district were looked at. */
export function allOut(type: Words, outs: ReadonlySet<Out>, elsewhere: boolean): Words {
  const which = elsewhere ? { zh: '全区的', en: 'of the district' } : { zh: '负责这个街镇的', en: 'that serves this subdistrict' };
  const declined = outs.has('declined');
  const sent = outs.has('sent') || outs.has('chosen');
  const zh = declined && sent ? '都已派出或已退单' : declined ? '都已退单' : '都已派出';
  const en = declined && sent ? 'is already sent or has declined' : declined ? 'has declined' : 'is already sent';
  return { zh: `${which.zh}${type.zh}${zh}`, en: `Every ${type.en} ${which.en} ${en}` };
}

/** Nobody on duty: the nearest is named, with when somebody comes, and a stand-in that cannot help. */
export function noneOnDuty(nearest: Candidate, standIn: Candidate | undefined, type: Words, nowMs: number): Words {
  const who = name(nearest.unit);
  const off = offUntil(nearest, nowMs);
  const said: Words = { zh: `没有在岗的${type.zh}：${who.zh}${off.zh}`, en: `No ${type.en} is on duty; ${who.en}: ${off.en}` };
  if (standIn === undefined || standIn.unit.code === nearest.unit.code) return said;
  const other = name(standIn.unit);
  if (standIn.duty.state !== 'on') {
    return joined([said, { zh: `替补${other.zh}也不在岗`, en: `its stand-in ${other.en} is not on duty either` }]);
  }
  if (nearest.unit.standInDuty === 'secure-only') {
    return joined([
      said,
      { zh: `替补${other.zh}只能看护现场，不能主办`, en: `its stand-in ${other.en} may secure the place but not lead` },
    ]);
  }
  return joined([
    said,
    { zh: `替补${other.zh}在 ${km(standIn.distanceM)} 公里外`, en: `its stand-in ${other.en} is ${km(standIn.distanceM)} km away` },
  ]);
}

export function tooFar(nearest: Candidate, radiusKm: number): Words {
  const [who, how] = [name(nearest.unit), away(nearest)];
  return {
    zh: `最近的${who.zh} ${how.zh}，预案限 ${radiusKm} 公里`,
    en: `The nearest, ${who.en}, is ${how.en} away; the card allows ${radiusKm} km`,
  };
}

/** Its home is too far, and where it last was cannot be trusted. */
export function positionStale(nearest: Candidate, radiusKm: number): Words {
  const who = name(nearest.unit);
  const [home, last, old] = [km(nearest.distanceM), km(nearest.staleDistanceM!), minutes(nearest.positionAgeMs!)];
  return {
    zh: `${who.zh} ${old} 分钟前在 ${last} 公里外，位置太旧不作数；驻地 ${home} 公里，预案限 ${radiusKm} 公里`,
    en: `${who.en} was ${last} km away ${old} min ago, too long to go by; its home is ${home} km away, the card allows ${radiusKm} km`,
  };
}

export function noCard(level: string): Words {
  return {
    zh: `这一类没有 ${level} 的预案，按类别表的单位派`,
    en: `No run card for this category at ${level}: the category's own unit types were taken`,
  };
}

export function ruled({ unit, duty }: Candidate, nowMs: number): Words {
  const who = name(unit);
  const said = { zh: `已裁定由${who.zh}主办`, en: `Ruled to be led by ${who.en}` };
  if (duty.state === 'on') return said;
  if (duty.state === 'onCall') return joined([said, { zh: '现在只有电话值守', en: 'it is only on call now' }]);
  return joined([said, offUntil({ duty }, nowMs)]);
}

export function byRule({ by, candidate, standsInFor }: Found, responsible: RunCardUnit, source: string, nowMs: number): Words {
  const owner = name(responsible);
  const [how, duty] = [away(candidate), onDutyUntil(candidate, nowMs)];
  const said = { zh: `按权责表：${owner.zh}主办（${source}）`, en: `By the table of responsibilities: led by ${owner.en} (${source})` };
  if (standsInFor !== null) {
    const who = name(candidate.unit);
    return joined([
      said,
      {
        zh: `${owner.zh}当班无人，由替补${who.zh}顶上，${how.zh}，${duty.zh}`,
        en: `nobody is on duty there, ${who.en} stands in, ${how.en}, ${duty.en}`,
      },
    ]);
  }
  return joined([
    said,
    by === 'onCall'
      ? { zh: `电话值守，${how.zh}`, en: `on call, ${how.en}` }
      : { zh: `${how.zh}，${duty.zh}`, en: `${how.en}, ${duty.en}` },
  ]);
}

/** Why the responsible unit does not lead this time. */
export function ruleNotFollowed(
  responsible: RunCardUnit | undefined,
  code: string,
  why: 'declined' | 'off' | 'mayNotLead' | 'unknown',
): Words {
  const who = responsible === undefined ? { zh: code, en: code } : name(responsible);
  const [zh, en] = {
    declined: ['已退单', 'it has declined'],
    off: ['当班无人', 'nobody is on duty there'],
    mayNotLead: ['只能协办', 'it may only assist'],
    unknown: ['单位表里已没有', 'it is no longer in the table of units'],
  }[why] as [string, string];
  return { zh: `按权责表应由${who.zh}主办，但${zh}`, en: `By the table of responsibilities ${who.en} should lead, but ${en}` };
}
