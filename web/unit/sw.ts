/** The unit page's service worker: the page opens without a network. */
import { keepShell, type WorkerScope } from '../shared/shell/worker.ts';

keepShell(self as unknown as WorkerScope);
