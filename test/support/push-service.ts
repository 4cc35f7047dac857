/**
 * A push service and its browsers on loopback: takes what the service sends, as RFC 8030 says, and reads it as a browser would (RFC 8291, RFC 8188), with the keys that
 * only the browser has. Written from the RFCs, so that it proves the sender and does not repeat it.
 */
import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PushMessage } from '../../src/outbound/payload.ts';

export interface Received {
  readonly message: PushMessage;
  readonly ttlS: number;
  readonly urgency: string;
  readonly topic: string;
  /** Of the signed claim: for whom, by whom. */
  readonly vapid: { readonly aud: string; readonly sub: string; readonly exp: number };
  /** What the browser may never see: the bytes on the wire. */
  readonly wire: Buffer;
}

export interface FakeBrowser {
  readonly subscription: { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } };
  readonly received: Received[];
  /** What the push service answers for this browser from now on; a number or, in turn, several and the last for ever. */
  answers: (number | { readonly status: number; readonly headers: Record<string, string> })[];
  /** Every POST, also those that were refused. */
  posts: number;
  /** Resolves when one more message has come than had been taken so far. */
  next(): Promise<Received>;
}

export class PushService {
  readonly #server: Server;
  readonly #browsers = new Map<string, FakeBrowser & { arrive(received: Received): void }>();
  readonly #publicKey: string;
  readonly faults: string[] = [];

  private constructor(server: Server, publicKey: string) {
    this.#server = server;
    this.#publicKey = publicKey;
  }

  /** @param publicKey  of the service under test: messages signed by another are no good. */
  static async start(publicKey: string): Promise<PushService> {
    const server = createServer();
    const service = new PushService(server, publicKey);
    server.on('request', (request, response) => {
      void service.#take(request).then(({ status, headers }) => response.writeHead(status, headers).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  browser(name: string): FakeBrowser {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = randomBytes(16);
    const received: Received[] = [];
    let taken = 0;
    let waiting: (() => void)[] = [];
    const browser = {
      subscription: {
        endpoint: `${this.origin}/push/${name}`,
        keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') },
      },
      received,
      answers: [201],
      posts: 0,
      read: (body: Buffer) => decrypt(body, ecdh, auth),
      arrive(one: Received) {
        received.push(one);
        for (const wake of waiting.splice(0)) wake();
      },
      async next() {
        while (received.length <= taken) await new Promise<void>((resolve) => (waiting = [...waiting, resolve]));
        return received[taken++]!;
      },
    };
    this.#browsers.set(`/push/${name}`, browser);
    return browser;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<{ status: number; headers: Record<string, string> }> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const browser = this.#browsers.get(request.url ?? '') as
      (FakeBrowser & { arrive(r: Received): void; read(b: Buffer): string }) | undefined;
    if (!browser) return { status: 404, headers: {} };
    browser.posts++;
    const answer = browser.answers.length > 1 ? browser.answers.shift()! : browser.answers[0]!;
    const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    if (status >= 300) return { status, headers };
    try {
      const header = (name: string): string => String(request.headers[name] ?? '');
      if (header('content-encoding') !== 'aes128gcm') throw new Error('not aes128gcm');
      if (body.length > 4_096) throw new Error('longer than a push service has to take');
      browser.arrive({
        message: JSON.parse(browser.read(body)) as PushMessage,
        ttlS: Number(header('ttl')),
        urgency: header('urgency'),
        topic: header('topic'),
        vapid: this.#claims(header('authorization')),
        wire: body,
      });
      return { status, headers };
    } catch (error) {
      this.faults.push((error as Error).message);
      return { status: 400, headers: {} };
    }
  }

  /** RFC 8292: `vapid t=<jwt>, k=<key>`, signed with ES256. @throws unless it is signed by the service under test */
  #claims(authorization: string): Received['vapid'] {
    const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(authorization);
    if (!match) throw new Error('no VAPID header');
    const [, head, claims, signature, key] = match as unknown as [string, string, string, string, string];
    if (key !== this.#publicKey) throw new Error('signed by somebody else');
    const point = Buffer.from(key, 'base64url');
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
    const signer = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
    if (!verify('sha256', Buffer.from(`${head}.${claims}`), signer, Buffer.from(signature, 'base64url'))) throw new Error('not signed');
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Received['vapid'];
  }
}

/** One record of aes128gcm, with the keys of RFC 8291, section 3.4. */
function decrypt(body: Buffer, browser: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const idLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + idLength);
  const record = body.subarray(21 + idLength);
  const secret = browser.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const ikm = Buffer.from(hkdfSync('sha256', secret, auth, info, 32));
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16));
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  // The last record ends with 0x02 and zeros.
  const end = plain.lastIndexOf(2);
  return plain.subarray(0, end).toString('utf8');
}
