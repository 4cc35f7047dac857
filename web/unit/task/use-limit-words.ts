/** The big figure of a job and what stands around it, moving with time. */
import { type ComputedRef, type Ref, computed } from 'vue';
import { locale, t } from '../../shared/i18n.ts';
import { type TimeTone, dayTime, leftShort, leftWords, span, toneOf, usedPart } from '../../shared/time.ts';
import type { Job } from './mine.ts';

export interface LimitWords {
  /** 到场还剩 / 到场已超. */
  readonly caption: string;
  /** 9:51; over: 6 分. */
  readonly figure: string;
  /** 15:58 前到场. */
  readonly by: string;
  readonly after: string;
  /** For readers: 还剩 9 分. */
  readonly spoken: string;
  readonly used: number;
  readonly tone: TimeTone;
}

export function useLimitWords(job: Ref<Job> | ComputedRef<Job>, now: Ref<Date>): ComputedRef<LimitWords | null> {
  return computed(() => {
    const { limit, own } = job.value;
    if (!limit) return null;
    const overMs = now.value.getTime() - Date.parse(limit.dueAt);
    const late = overMs >= 0;
    const used = usedPart(limit, now.value);
    const { level, extensionAsked } = job.value.incident;
    /** R1 is never extended, and nothing twice before the first answer. */
    const mayAsk = level !== 'R1' && !extensionAsked;
    const assisting = limit.what === 'finish' && own.role === 'assist';
    return {
      caption: t(late ? `unit.limit.${limit.what}Late` : `unit.limit.${limit.what}`),
      figure: late ? span(overMs, locale.value) : leftShort(limit.dueAt, now.value, locale.value),
      by: t(`unit.limit.by.${limit.what}`, { at: dayTime(limit.dueAt, now.value, locale.value) }),
      after: t(
        `unit.limit.after.${assisting ? 'assist' : limit.working ? 'working' : limit.what === 'finish' && !mayAsk ? 'finishNoExtension' : limit.what}`,
      ),
      spoken: leftWords(limit.dueAt, now.value, locale.value),
      used,
      tone: toneOf(used),
    };
  });
}
