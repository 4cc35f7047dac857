/** What most browser specs stand on. */
import { afterAll, beforeAll } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { openHouse, type House } from './browser.ts';

export interface Standing {
  readonly service: TestServer;
  readonly house: House;
}

/**
 * A service with its pages and a browser at it for all specs of a file: there before the first, ended after the last. Called at the top of the file; what it
 * returns is read inside the specs and hooks. Hooks that come after it find it standing, before and at the end.
 */
export function useHouse(): Standing {
  let service: TestServer | undefined;
  let house: House | undefined;
  beforeAll(async () => {
    service = await startTestServer({ pages: true });
    house = await openHouse(service.url);
  });
  afterAll(async () => {
    await house?.close();
    await service?.stop();
  });
  return {
    get service() {
      return service!;
    },
    get house() {
      return house!;
    },
  };
}
