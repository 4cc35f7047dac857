/** The field page's service worker: the page opens without a network, and what asks for the grid worker comes while it is closed. */
import { hearPushes, type PushScope } from '../shared/push/worker.ts';
import { keepShell, type WorkerScope } from '../shared/shell/worker.ts';

keepShell(self as unknown as WorkerScope);
hearPushes(self as unknown as PushScope, '/field/', (incident) => (incident === null ? '/field/#/tasks' : `/field/#/incident/${incident}`));
