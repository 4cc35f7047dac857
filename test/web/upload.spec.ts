/** Sending a file: whatever becomes of it, there is an answer, or what waits behind it could never be sent. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../../web/shared/api.ts';

/** A request whose fate the spec decides. */
class Request {
  static last: Request;
  readonly upload: { onprogress?: (e: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  aborted = false;
  constructor() {
    Request.last = this;
  }
  open(): void {}
  setRequestHeader(): void {}
  getResponseHeader(): null {
    return null;
  }
  send(): void {}
  abort(): void {
    this.aborted = true;
    this.onabort?.();
    this.onloadend?.();
  }
  answer(status: number, text: string): void {
    Object.assign(this, { status, responseText: text });
    this.onload?.();
    this.onloadend?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', Request);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const send = () => {
  const sent = api.upload('/photos', new FormData()).then(
    (answer) => ({ answer }),
    (thrown: unknown) => ({ thrown }),
  );
  return sent;
};

describe('a file', () => {
  it('is answered', async () => {
    const sent = send();
    await vi.advanceTimersByTimeAsync(0);
    Request.last.answer(201, '{"id":"p1"}');
    expect(await sent).toEqual({ answer: { id: 'p1' } });
  });

  it('that the sign-in page of somebody’s Wi-Fi takes is as without a network', async () => {
    const sent = send();
    await vi.advanceTimersByTimeAsync(0);
    Request.last.answer(200, '<html>欢迎使用</html>');
    expect(await sent).toMatchObject({ thrown: { status: 0, passing: true } });
  });

  it('that stands still is given up; a slow one that moves is not', async () => {
    const sent = send();
    await vi.advanceTimersByTimeAsync(0);
    for (let loaded = 1; loaded < 6; loaded++) {
      await vi.advanceTimersByTimeAsync(50_000);
      Request.last.upload.onprogress?.({ lengthComputable: true, loaded, total: 10 });
    }
    expect(Request.last.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Request.last.aborted).toBe(true);
    expect(await sent).toMatchObject({ thrown: { status: 0 } });
  });
});
