/** A server of its own process for the specs: starts the embedded database of `argv[2]`, says so, and ends as told by a line on stdin. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startEmbedded } from '../../src/db/embedded.ts';

try {
  const embedded = await startEmbedded({ dataDir: process.argv[2]!, fast: process.argv[3] === 'fast' });
  embedded.announce('http://127.0.0.1:4321');
  console.log(JSON.stringify({ ready: true, pid: embedded.pid }));
  const [line] = (await once(createInterface(process.stdin), 'line')) as [string];
  if (line === 'stop') await embedded.stop();
  // 'exit': without stopping anything, as after an exception that nobody caught.
  process.exit(0);
} catch (error) {
  console.log(JSON.stringify({ ready: false, message: error instanceof Error ? error.message : String(error) }));
  process.exit(1);
}
