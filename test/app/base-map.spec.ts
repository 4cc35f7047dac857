import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentPolicy } from '../../src/http/security-headers.ts';
import { asBearer, type House, openHouse, PEOPLE } from './house.ts';

const TILES = {
  url: 'https://tiles.example:8443/{z}/{x}/{y}.png?key=secret',
  kind: 'raster',
  coords: 'gcj02',
  attribution: 'GS(2026)1号',
  maxZoom: 18,
} as const;
const directives = (policy: string) => new Map(policy.split('; ').map((d) => [d.split(' ')[0]!, d.split(' ').slice(1)]));

describe('a base map', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ baseMap: TILES });
  });
  afterAll(() => house.close());

  it('opens the policy for its own host, for pictures and fetching and nothing else', async () => {
    const policy = directives((await house.app.request('/')).headers.get('content-security-policy')!);
    const open = [...policy].filter(([, sources]) => sources.some((s) => s.includes('tiles.example')));
    expect(open.map(([name]) => name).sort()).toEqual(['connect-src', 'img-src']);
    for (const [, sources] of open) expect(sources).toContain('https://tiles.example:8443');
    expect([...policy.values()].flat().join(' ')).not.toContain('secret');
  });

  it('is told to who is signed in, and to nobody else', async () => {
    expect((await house.app.request('/api/v1/base-map')).status).toBe(401);
    const answer = await house.app.request('/api/v1/base-map', { headers: asBearer(await house.token(PEOPLE.auditor)) });
    expect(await answer.json()).toEqual({ baseMap: TILES });
  });

  it('is none by default: the policy names no host but this one', () => {
    const sources = [...directives(contentPolicy('fm.example', null)).values()].flat();
    expect(sources.filter((s) => s.includes('://'))).toEqual(['ws://fm.example', 'wss://fm.example']);
  });
});
