/** What a device shows for a push while its page is closed. Pure. Codes and times only: the lock screen is read by anybody, the rest is behind the press. */
import type { PushMessage, QuietReason } from '../../../src/outbound/payload.ts';
import { noticeWords } from '../notices/words.ts';
import { clockTime } from '../time.ts';
import type { Locale } from '../types.ts';
import { levelWord } from '../words.ts';

export interface Notified {
  readonly title: string;
  readonly body: string;
  /** A later one with the same tag takes the place of the earlier. */
  readonly tag: string;
  /** Stays until somebody presses it. */
  readonly stays: boolean;
  /** Sounds and shakes again although it only takes another one's place. */
  readonly sounds: boolean;
  readonly vibrate: readonly number[];
  /** Where a press leads on the page: an address behind `#`. */
  readonly incident: string | null;
  /** Goes by itself after this, milliseconds; null: it does not. */
  readonly goesAfterMs: number | null;
}

const RING_STRONG = [400, 150, 400, 800] as const;
/** Long enough to be read in passing. */
const PASSING_MS = 4_000;

const QUIET: Readonly<Record<QuietReason, Readonly<Record<Locale, readonly [title: string, body: string]>>>> = {
  answered: {
    'zh-CN': ['不用再响了', '已有人应答，或派遣已收回'],
    en: ['It rings no more', 'Somebody answered, or it was taken back'],
  },
  shiftOver: {
    'zh-CN': ['下班了，停响', '还在岗就打开页面重新上岗'],
    en: ['Shift over, silent', 'Still on duty? Open the page and sign on'],
  },
  signedOut: {
    'zh-CN': ['已退出登录，停响', '要继续接派遣请重新登录'],
    en: ['Signed out, silent', 'Sign in again to be rung'],
  },
};

/** Before all else, so that nobody runs for nothing, and nobody takes the real one for a drill. */
function asDrill({ drill, lang }: { readonly drill?: true; readonly lang: Locale }, title: string): string {
  return drill ? `${lang === 'en' ? 'Drill' : '演练'} · ${title}` : title;
}

export function notificationOf(message: PushMessage): Notified {
  const { lang } = message;
  const en = lang === 'en';
  switch (message.type) {
    case 'ring': {
      const level = levelWord(message.level, lang);
      const until = message.until === null ? '' : en ? `By ${clockTime(message.until)}. ` : `${clockTime(message.until)} 前签收。`;
      return {
        title: asDrill(message, en ? `${level}: please acknowledge` : `${level}，请签收`),
        body: `${until}${en ? 'Open to see what and where' : '点开看是什么、在哪里'}`,
        tag: message.assignment,
        stays: true,
        sounds: true,
        vibrate: message.level === 'R1' ? [...RING_STRONG, 150, ...RING_STRONG] : [200],
        incident: message.incident,
        goesAfterMs: null,
      };
    }
    case 'quiet': {
      const [title, body] = QUIET[message.why][lang];
      return {
        title,
        body,
        tag: message.assignment,
        stays: false,
        sounds: false,
        vibrate: [],
        incident: message.incident,
        goesAfterMs: PASSING_MS,
      };
    }
    case 'notice': {
      const { title, next, answer } = noticeWords(message.notice, message.recipient, lang);
      return {
        title: asDrill(message, title),
        body: next,
        tag: `notice ${message.seq}`,
        stays: false,
        sounds: answer,
        vibrate: answer ? [200] : [],
        incident: message.incident,
        goesAfterMs: null,
      };
    }
    case 'test':
      return {
        title: en ? 'Web push works' : '推送能到',
        body: en ? 'With the page closed, what asks for you comes to this device' : '页面关着，有事找你，这台设备也会提醒',
        tag: 'test',
        stays: false,
        sounds: false,
        vibrate: [],
        incident: null,
        goesAfterMs: PASSING_MS,
      };
  }
}
