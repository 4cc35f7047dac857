import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClock } from '../../src/db/clock.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;

describe('time is the database’s', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.drop());

  it('follows the database when its time is moved forward and back', async () => {
    const clock = await startClock(test.db);
    const before = clock.now().getTime();

    await test.shiftTime(3 * DAY_MS);
    expect(clock.now().getTime() - before, 'nothing moves until the clock asks').toBeLessThan(DAY_MS);
    await clock.resync();
    const moved = clock.now().getTime() - before;
    expect(moved).toBeGreaterThanOrEqual(3 * DAY_MS - 1);
    expect(moved).toBeLessThan(4 * DAY_MS);

    await test.shiftTime(0);
    await clock.resync();
    expect(clock.now().getTime() - before).toBeLessThan(DAY_MS);
    clock.stop();
  });

  it('does not run backwards when a correction is only drift', async () => {
    const clock = await startClock(test.db);
    const before = clock.now().getTime();
    await test.shiftTime(-500);
    await clock.resync();
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before);
    await test.shiftTime(0);
    clock.stop();
  });

  it('is not the service’s to move', async () => {
    await expect(test.db.pool.query('update time_shift set ms = 1')).rejects.toMatchObject({ code: '42501' });
  });
});
