/** The unit page's service worker: the page opens without a network, and rings while it is closed. */
import { hearPushes, type PushScope } from '../shared/push/worker.ts';
import { keepShell, type WorkerScope } from '../shared/shell/worker.ts';

keepShell(self as unknown as WorkerScope);
hearPushes(self as unknown as PushScope, '/unit/', (incident) => (incident === null ? '/unit/' : `/unit/#/task/${incident}`));
