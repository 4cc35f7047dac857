/** The device's own helpers of a shift, made once for the page. */
import { type InjectionKey, type Ref, inject, ref } from 'vue';
import type { FromWorker } from '../../shared/push/messages.ts';
import { useWebPush, type WebPush } from '../../shared/push/use-web-push.ts';
import { type Notices, useNotices } from './notice.ts';
import { type WakeLock, useWakeLock } from './wake-lock.ts';

export interface Shift {
  readonly notices: Notices;
  readonly wakeLock: WakeLock;
  readonly webPush: WebPush;
  /** The ring was heard since the page was opened. Any touch may wake the sound, but only this says that somebody listened. */
  readonly tried: Ref<boolean>;
}

export const SHIFT: InjectionKey<Shift> = Symbol('shift');

/** @param heard  called with what a push says to the open page */
export function startShift(heard: (said: FromWorker) => void): Shift {
  return { notices: useNotices(), wakeLock: useWakeLock(), webPush: useWebPush(heard), tried: ref(false) };
}
export function useShift(): Shift {
  const shift = inject(SHIFT);
  if (!shift) throw new Error('a part of the unit page was mounted outside of it');
  return shift;
}
