/** The picture of a deadline: its days with what counts, what ran, where it stood still, and where the ladder speaks. Pure. */
import type { ExplainedClock } from '../../src/dispatch/explain.ts';
import { CHINA_OFFSET_MS } from '../../src/china-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** So much of a day is shown before the office opens and after it closes. */
const MARGIN_MIN = 60;
/** More days are drawn as the first and the last ones. */
const MOST_DAYS = 8;
const FIRST_DAYS = 3;

export interface StripPart {
  /** `open`: counts in general; `ran`: counted; `over`: counted past the limit; `ahead`: still to count; `paused`: stood still. */
  readonly what: 'open' | 'ran' | 'over' | 'ahead' | 'paused';
  /** Per cent of the day's width. */
  readonly left: number;
  readonly width: number;
}
export interface StripTick {
  readonly share: number;
  readonly left: number;
  readonly done: boolean;
}
export interface StripDay {
  /** `YYYY-MM-DD`; null for a clock that counts day and night, drawn as one piece. */
  readonly date: string | null;
  readonly working: boolean;
  readonly label: { readonly zh: string; readonly en: string } | null;
  readonly parts: readonly StripPart[];
  readonly ticks: readonly StripTick[];
  /** Where it runs out, if on this day. */
  readonly due: number | null;
  /** Days left out before this one. */
  readonly skipped: number;
  /** Bounds of the counted hours: minutes from midnight, and where they stand. */
  readonly marks: readonly { readonly minute: number; readonly left: number }[];
}

type Span = readonly [from: number, to: number];
type Shown = Pick<ExplainedClock, 'startedAt' | 'dueAt' | 'kind' | 'pauses' | 'rungs' | 'days' | 'hours'>;

export function stripOf(clock: Shown, now: Date): StripDay[] {
  const dueMs = Date.parse(clock.dueAt);
  const startMs = Date.parse(clock.startedAt);
  if (clock.kind === 'continuous' || clock.days.length === 0) {
    const endMs = Math.max(dueMs, now.getTime(), startMs + 1);
    return [dayOf(clock, now, { date: null, working: true, label: null }, [[startMs, endMs]], [startMs, endMs], 0)];
  }
  const open = Math.min(...clock.hours.map((h) => h.fromMin)) - MARGIN_MIN;
  const close = Math.max(...clock.hours.map((h) => h.toMin)) + MARGIN_MIN;
  const cut = clock.days.length > MOST_DAYS;
  const last = clock.days.length - (MOST_DAYS - FIRST_DAYS);
  return clock.days.flatMap((day, i) => {
    if (cut && i >= FIRST_DAYS && i < last) return [];
    const midnight = Date.parse(`${day.date}T00:00:00Z`) - CHINA_OFFSET_MS;
    const at = (minute: number) => midnight + minute * MINUTE_MS;
    const hours = day.working ? clock.hours.map((h): Span => [at(h.fromMin), at(h.toMin)]) : [];
    return [dayOf(clock, now, day, hours, [at(open), at(close)], cut && i === last ? last - FIRST_DAYS : 0)];
  });
}

function dayOf(
  clock: Shown,
  now: Date,
  { date, working, label }: Pick<StripDay, 'date' | 'working' | 'label'>,
  hours: readonly Span[],
  [from, to]: Span,
  skipped: number,
): StripDay {
  const nowMs = now.getTime();
  const startMs = Date.parse(clock.startedAt);
  const dueMs = Date.parse(clock.dueAt);
  const still = clock.pauses.map((p): Span => [Date.parse(p.from), p.to === null ? nowMs : Date.parse(p.to)]);
  const left = (ms: number) => Math.round(((ms - from) / (to - from)) * 10_000) / 100;
  const draw = (what: StripPart['what'], spans: readonly Span[]): StripPart[] =>
    spans.map(([a, b]) => ({ what, left: left(a), width: Math.round((left(b) - left(a)) * 100) / 100 }));
  const counting = (a: number, b: number) => without(cutTo(hours, [a, b]), still);
  const inside = (ms: number) => ms >= from && ms <= to;
  return {
    date,
    working,
    label,
    skipped,
    parts: [
      ...draw('open', hours),
      ...draw('ran', counting(startMs, Math.min(nowMs, dueMs))),
      ...draw('ahead', counting(Math.max(nowMs, startMs), dueMs)),
      ...draw('over', counting(dueMs, nowMs)),
      ...draw(
        'paused',
        still.flatMap((pause) => cutTo(hours, pause)),
      ),
    ],
    ticks: clock.rungs.flatMap(({ share, at, done }) => {
      const ms = Date.parse(at);
      return share !== 100 && inside(ms) ? [{ share, left: left(ms), done }] : [];
    }),
    due: inside(dueMs) ? left(dueMs) : null,
    marks: date === null ? [] : hours.flat().map((ms) => ({ minute: ((ms + CHINA_OFFSET_MS) % DAY_MS) / MINUTE_MS, left: left(ms) })),
  };
}

function cutTo(spans: readonly Span[], [from, to]: Span): Span[] {
  return spans.flatMap(([a, b]): Span[] => (Math.max(a, from) < Math.min(b, to) ? [[Math.max(a, from), Math.min(b, to)]] : []));
}

function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return holes.reduce<Span[]>(
    (left, [from, to]) => left.flatMap((span) => [...cutTo([span], [-Infinity, from]), ...cutTo([span], [to, Infinity])]),
    [...spans],
  );
}

/** Counted time in words: whole working days, else hours and minutes. */
export function amountWords(ms: number, clock: Pick<ExplainedClock, 'kind' | 'hours'>, locale: 'zh-CN' | 'en'): string {
  const en = locale === 'en';
  const dayMin = clock.hours.reduce((sum, h) => sum + h.toMin - h.fromMin, 0);
  const minutes = Math.floor(Math.abs(ms) / MINUTE_MS);
  if (clock.kind === 'working' && dayMin > 0 && minutes > 0 && minutes % dayMin === 0) {
    const days = minutes / dayMin;
    return en ? `${days} working day${days === 1 ? '' : 's'}` : `${days} 个工作日`;
  }
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (h === 0) return en ? `${m} min` : `${m} 分`;
  if (m === 0) return en ? `${h} h` : `${h} 小时`;
  return en ? `${h} h ${m} min` : `${h} 时 ${m} 分`;
}
