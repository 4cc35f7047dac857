/** A change of the settings as lines of words: what, what it was, what it is. Pure but for the words. */
import { t } from '../../shared/i18n.ts';
import type { Locale } from '../../shared/types.ts';
import { clockWord, levelWord } from '../../shared/words.ts';
import type { LevelRule, LimitValue } from './draft.ts';
import type { DayRun, WireChange } from './types.ts';

export interface ChangeLine {
  readonly what: string;
  /** Empty where there was nothing before. */
  readonly before: string;
  readonly after: string;
}

export function changeLines({ before, after }: Pick<WireChange, 'before' | 'after'>, locale: Locale): ChangeLine[] {
  const lines: ChangeLine[] = [...dayLines(before.days ?? [], after.days ?? [], locale)];
  if (after.hours) {
    const spans = (hours = after.hours) => hours!.map(({ from, to }) => `${from}–${to}`).join(' ');
    lines.push({ what: t('centre.settings.hours.title'), before: spans(before.hours ?? []), after: spans() });
  }
  for (const row of after.limits ?? []) {
    const old = before.limits?.find((l) => l.level === row.level && l.clock === row.clock);
    const what = `${levelWord(row.level, locale)} ${clockWord(row.clock, locale)}`;
    lines.push({ what, before: old ? limitText(old) : '', after: limitText(row) });
  }
  for (const row of after.levels ?? []) {
    const old = before.levels?.find((l) => l.level === row.level);
    lines.push({ what: levelWord(row.level, locale), before: old ? ruleText(old) : '', after: ruleText(row) });
  }
  const onOff = (on: boolean | undefined) => (on === undefined ? '' : t(`centre.settings.residents.${on ? 'on' : 'off'}`));
  for (const name of ['mayReport', 'seePhotos', 'mayJoin'] as const) {
    const on = after.residents?.[name];
    if (on === undefined) continue;
    lines.push({ what: t(`centre.settings.residents.${name}`), before: onOff(before.residents?.[name]), after: onOff(on) });
  }
  return lines;
}

export function limitText({ value, unit, kind }: LimitValue): string {
  return `${value} ${t(`centre.settings.limits.ways.${kind}.${unit}`)}`;
}
function ruleText({ extensions, suspendDays }: LevelRule): string {
  const part = (what: 'extensions' | 'suspendDays', n: number) =>
    `${t(`centre.settings.limits.${what}`)} ${n} ${t(`centre.settings.limits.${what}Unit`)}`;
  return `${part('extensions', extensions)}, ${part('suspendDays', suspendDays)}`;
}

function dayLines(before: readonly DayRun[], after: readonly DayRun[], locale: Locale): ChangeLine[] {
  const first = after[0];
  if (first === undefined) return [];
  // A whole year at once: one line, and not one for each week.
  const added = before.length === 0 && after.length > 50;
  if (added)
    return [
      { what: t('centre.settings.history.year', { year: first.from.slice(0, 4) }), before: '', after: t('centre.settings.history.added') },
    ];
  return after.map((run) => {
    const old = before.filter((b) => b.from <= run.to && b.to >= run.from);
    const was = [...new Set(old.map((b) => dayText(b, locale)))].join(locale === 'en' ? ', ' : '、');
    return { what: run.from === run.to ? run.from : `${run.from} – ${run.to}`, before: was, after: dayText(run, locale) };
  });
}
function dayText({ labelZh, labelEn, statutory, status }: DayRun, locale: Locale): string {
  const more = [
    statutory ? t('centre.settings.day.statutory') : '',
    status === 'provisional' ? t('centre.settings.day.provisional') : '',
  ].filter(Boolean);
  const label = locale === 'en' ? labelEn : labelZh;
  return more.length === 0 ? label : `${label}（${more.join('，')}）`;
}
