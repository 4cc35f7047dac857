/** What the parts found: what is saved as JSON and what the table is made of. */
import type { DeadlinesResult } from './deadlines/part.ts';
import type { PushResult } from './push/part.ts';
import type { SizeResult } from './transitions/size.ts';
import type { PushOnResult } from './transitions/push-on.ts';
import type { TransitionsResult } from './transitions/part.ts';
import type { WhereResult } from './where/part.ts';
import type { WholeResult } from './whole/part.ts';

export interface Results {
  transitions?: TransitionsResult;
  pushOn?: PushOnResult;
  size?: SizeResult;
  push?: PushResult;
  deadlines?: DeadlinesResult;
  whole?: WholeResult;
  where?: WhereResult;
}
