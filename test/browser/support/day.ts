/** The whole product with its pages, on a district that has an hour behind it: some incidents are late, some are near. */
import pino from 'pino';
import { startServer } from '../../../src/server.ts';
import { openTestDatabase } from '../../support/database.ts';
import { PASSWORD } from '../../support/server.ts';
import { fillEarlier, fillNow } from './district.ts';
import { outside } from './outside.ts';

export interface Day {
  readonly url: string;
  /** Incidents that were there before. */
  readonly before: number;
  stop(): Promise<void>;
}

/**
 * A first node lives through the past, where the database's time runs behind; the one that is returned takes over its database, and with
 * it everything that has become due meanwhile.
 *
 * @param agoMs  how long ago the earlier incidents were reported.
 */
export async function startDay(agoMs: number): Promise<Day> {
  const database = await openTestDatabase({ world: true });
  const node = () =>
    startServer({
      owner: database.config,
      district: 441802,
      host: '127.0.0.1',
      port: 0,
      world: true,
      demoPassword: PASSWORD,
      log: pino({ level: 'silent' }),
    });
  try {
    await database.shiftTime(-agoMs);
    const past = await node();
    const earlier = await fillEarlier(outside(past.url)).finally(() => past.stop());
    await database.shiftTime(0);
    const present = await node();
    return {
      url: present.url,
      before: earlier + (await fillNow(outside(present.url))),
      async stop() {
        await present.stop();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
