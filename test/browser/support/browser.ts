/** One Chromium for a spec, and in it one window for each person: own cookies, own device, watched from the first request on. */
import { chromium, type BrowserContext, type Page } from 'playwright';
import { expect } from 'vitest';
import { browser } from '../../support/chromium.ts';
import { PASSWORD } from '../../support/server.ts';

/** In 凤城街道, cell 441802006001001. */
export const HERE = { lng: 113.0008, lat: 23.6795 };
export const CELL = '441802006001001';
export const COMMUNITY = '441802006001';
export const SUBDISTRICT = '441802006';

const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1440, height: 900 } },
} as const;

export interface PersonOptions {
  readonly device: keyof typeof DEVICES;
  readonly locale?: 'zh-CN' | 'en-GB';
  readonly theme?: 'light' | 'dark';
  /** False: an old computer, whose map is drawn without WebGL. */
  readonly webGl?: boolean;
  /** True: the socket never opens, so the page knows only what it has read. */
  readonly deaf?: boolean;
  /** False: no service worker, which would fetch the whole product into each new window. */
  readonly worker?: boolean;
  /** Where the device is; null: the person does not allow it to be known. */
  readonly at?: { readonly lng: number; readonly lat: number } | null;
}

export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: console errors, exceptions, violations of the content security policy. */
  readonly troubles: string[];
  /** Requests to anybody but the service. */
  readonly strangers: string[];
  /** Text of every WebSocket frame that came. */
  readonly frames: string[];
  /** How often a page was loaded: a live update leaves it as it is. */
  readonly loads: () => number;
}

export interface House {
  readonly url: string;
  /** A window of its own at the sign-in page. */
  visitor(options: PersonOptions): Promise<Person>;
  /** Signs in as a person does, and waits for the page of the role. */
  signIn(account: string, options: PersonOptions): Promise<Person>;
  /** A window of somebody who has signed in before, opened at a page: for what is not about signing in. @param path  with its query and hash. */
  enter(account: string, path: string, options: PersonOptions): Promise<Person>;
  close(): Promise<void>;
}

/** Everybody lets the page listen; what it hears is a beep each second. */
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

const WITHOUT_WEBGL = `
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...more);
  };`;

/** Put together by a pretended graphics card, pages took half of all the CPU of a spec. WebGL is still there without it, and slower to be seen. */
const FLAT = ['--disable-gpu-compositing'];

/** @param options.graphics  for a spec of maps: pages are put together as by a graphics card. */
export async function openHouse(url: string, { graphics = false } = {}): Promise<House> {
  const { executablePath, args, env } = await browser();
  const chrome = await chromium.launch({ executablePath, args: [...args, ...MICROPHONE, ...(graphics ? [] : FLAT)], env });

  async function open({
    device,
    locale = 'zh-CN',
    theme = 'light',
    webGl = true,
    deaf = false,
    at = HERE,
    worker = true,
  }: PersonOptions): Promise<Person> {
    const context = await chrome.newContext({
      ...DEVICES[device],
      deviceScaleFactor: 1,
      locale,
      colorScheme: theme,
      reducedMotion: 'reduce',
      timezoneId: 'Asia/Shanghai',
      serviceWorkers: worker ? 'allow' : 'block',
      ...(at === null ? {} : { permissions: ['geolocation'], geolocation: { longitude: at.lng, latitude: at.lat, accuracy: 6 } }),
    });
    context.setDefaultTimeout(45_000);
    if (!webGl) await context.addInitScript(WITHOUT_WEBGL);
    if (deaf) await context.routeWebSocket(/\/ws/, () => undefined);
    const page = await context.newPage();
    return watch(page, context, url);
  }
  async function visitor(options: PersonOptions): Promise<Person> {
    const person = await open(options);
    await person.page.goto(`${url}/`);
    return person;
  }

  return {
    url,
    visitor,
    async signIn(account, options) {
      const person = await visitor(options);
      await fillSignIn(person.page, account, PASSWORD);
      await person.page.waitForURL(/\/(field|centre|unit)\//);
      return person;
    },
    async enter(account, path, options) {
      const person = await open(options);
      const data = { account, password: PASSWORD };
      const answer = await person.context.request.post(`${url}/api/v1/sessions`, { data, headers: { origin: url } });
      expect(answer.status()).toBe(201);
      await person.page.goto(`${url}${path}`);
      return person;
    },
    close: () => chrome.close(),
  };
}

export async function fillSignIn(page: Page, account: string, password: string): Promise<void> {
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  await page.locator('form button.big').click();
}

function watch(page: Page, context: BrowserContext, url: string): Person {
  const troubles: string[] = [];
  const strangers: string[] = [];
  const frames: string[] = [];
  let loads = 0;
  page.on('load', () => (loads += 1));
  page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
  // Violations of the content security policy are told to the console too.
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('request', (request) => {
    const to = new URL(request.url());
    if (!['data:', 'blob:'].includes(to.protocol) && to.host !== new URL(url).host) strangers.push(request.url());
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(url).host) strangers.push(socket.url());
    socket.on('framereceived', ({ payload }) => frames.push(payload.toString()));
  });
  return { page, context, troubles, strangers, frames, loads: () => loads };
}

/** Answers the ring of a unit's page, and waits until it is gone. A press in its first moment is not taken – it may have been meant for the page below –, so people press again. */
export async function answerRing(page: Page): Promise<void> {
  const ring = page.locator('dialog.ring');
  await ring.waitFor();
  await expect
    .poll(
      async () => {
        await ring
          .locator('button', { hasText: '签收' })
          .click({ timeout: 5_000 })
          .catch(() => undefined);
        return ring.isVisible();
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(false);
}

/** To another address of the page that is open, as Back and Forward go there: it is not loaded anew. */
export async function turnTo(page: Page, search: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(search)}); dispatchEvent(new PopStateEvent('popstate'))`);
}
