/** The whole product, staff who work on an incident, and residents who have no account: each behind an address of their own. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { caller, type Caller } from '../settings/caller.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

export const COMMUNITY = '441802006001';
export const SUBDISTRICT = '441802006';
export const CELL = '441802006001001';
export const HERE = { lng: 113.0008, lat: 23.6795 };
export const LEAD = 'north-drainage';
export const OFFICE = 'district.441802';

// Answers are read field by field where they are used.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;
export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface Resident {
  readonly device: string;
  get(path: string): Promise<Answer>;
  /** @param more  replaces parts of the body. */
  rate(number: string, code: string, score: number, more?: object): Promise<Answer>;
  /** @param fields  of the form; a list becomes several parts of the same name. */
  report(fields: Readonly<Record<string, string | Blob | readonly Blob[]>>, key?: string): Promise<Answer>;
}

export interface World {
  readonly service: TestServer;
  readonly call: Caller;
  /** Behind an address that nobody has had before, unless one is given. */
  resident(address?: string): Resident;
  /** Reports by the grid worker. @returns the incident. */
  reported(body?: object): Promise<Body>;
  /** @throws Error unless the move was taken. */
  move(account: string, id: string, command: object): Promise<Body>;
  /** From the report to 已结案, by evidence; with a photo before and one after. */
  closed(body?: object): Promise<Body>;
  codeOf(id: string): Promise<string>;
  close(): Promise<void>;
}

/** A picture of its own colour, so that no two are the same file. */
export async function picture(shade: number): Promise<Blob> {
  const background = { r: shade % 256, g: (shade >> 8) % 256, b: 90 };
  const jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' });
}

export async function openWorld(): Promise<World> {
  const service = await startTestServer();
  const call = caller(service.url);
  let residents = 0;
  let shades = 0;

  function resident(address?: string): Resident {
    residents++;
    // A proxy on this machine is believed: what it adds last is the address.
    const from = { 'X-Forwarded-For': address ?? `10.${residents >> 16}.${(residents >> 8) & 255}.${residents & 255}` };
    const device = randomUUID();
    const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
      const answer = await fetch(`${service.url}/api/v1/public${path}`, { ...init, headers: { ...from, ...init.headers } });
      const type = answer.headers.get('content-type') ?? '';
      const body = type.includes('json') ? await answer.json() : new Uint8Array(await answer.arrayBuffer());
      return { status: answer.status, body, headers: answer.headers };
    };
    return {
      device,
      get: (path) => ask(path),
      rate: (number, code, score, more = {}) =>
        ask(`/incidents/${number}/rating`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ score, code, device, ...more }),
        }),
      report: (fields, key = randomUUID()) => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) {
          for (const one of Array.isArray(value) ? (value as Blob[]) : [value as string | Blob]) {
            if (typeof one === 'string') form.append(name, one);
            else form.append(name, one, 'photo.jpg');
          }
        }
        return ask('/reports', { method: 'POST', headers: { 'Idempotency-Key': key }, body: form });
      },
    };
  }

  async function must(account: string, method: string, path: string, body: object): Promise<Body> {
    const answer = await call(account, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} by ${account}: ${answer.status} ${answer.body.code}`);
    return answer.body;
  }
  const move: World['move'] = async (account, id, command) => (await must(account, 'POST', `/incidents/${id}/moves`, command)).incident;
  const reported: World['reported'] = (body = {}) =>
    must(`grid.${CELL}`, 'POST', '/incidents', {
      category: 'E0113-02',
      description: '路面开裂，张三家门口，电话 13800000000',
      position: HERE,
      ...body,
    });
  async function photo(account: string): Promise<string> {
    const form = new FormData();
    form.append('file', await picture(1_000 + shades++), 'photo.jpg');
    return (await must(account, 'POST', '/photos', form)).id;
  }

  return {
    service,
    call,
    resident,
    reported,
    move,
    async closed(body = {}) {
      const { id } = await reported({ photos: [await photo(`grid.${CELL}`)], ...body });
      await move(`community.${COMMUNITY}`, id, { verb: 'call', note: '请尽快，联系李四' });
      await move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
      const sent = await move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'dispatch', lead: { unit: LEAD } });
      const assignment = sent.assignments[0].id;
      await move(`unit.${LEAD}`, id, { verb: 'acknowledge', assignment });
      await move(`unit.${LEAD}`, id, { verb: 'arrive', assignment });
      await move(`unit.${LEAD}`, id, { verb: 'finish', assignment, photos: [await photo(`unit.${LEAD}`)] });
      return move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'acceptEvidence', note: '王五看过照片' });
    },
    codeOf: async (id) => (await call(`community.${COMMUNITY}`, 'GET', `/incidents/${id}/residents`)).body.link.code,
    close: () => service.stop(),
  };
}
