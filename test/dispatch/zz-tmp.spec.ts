import { randomUUID } from 'node:crypto';
import { it } from 'vitest';
import { done, openDeskWorld, reportInput } from './desk-world.ts';
it('x', async () => {
  const obs: any[] = [];
  const world = await openDeskWorld({ nodes: 2, journal: { observe: (b) => obs.push(b) } });
  const t0 = performance.now();
  const each = async () => done(await world.desk.report(reportInput(world, 'R2'), world.people.gridWorker, randomUUID()));
  for (let i = 0; i < 4; i++) await Promise.all(Array.from({ length: 1000 }, each));
  console.log('reported', performance.now() - t0, obs.length);
  obs.length = 0;
  await world.timeMoves(16 * 60_000);
  const t1 = performance.now();
  await Promise.all(world.nodes.map(async ({ deadlines }) => { await deadlines.sweep(); console.log('swept', performance.now() - t1); const n = await deadlines.check(); console.log('made', n, performance.now() - t1); }));
  console.log(obs.length, obs.map((o) => `${o.commands}:${o.durationMs.toFixed(0)}`).join(' '));
  await world.close();
}, 120_000);
