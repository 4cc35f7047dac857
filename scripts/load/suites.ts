/** The load tests, and how big each is: by itself its own defaults, in `all` so that all of them take some eleven minutes, and quick. */

export interface Suite {
  readonly name: string;
  readonly what: string;
  /** Instead of the script's own defaults when all are run. */
  readonly inAll: Readonly<Record<string, string>>;
  /** Small enough for a busy machine: does it work, not how fast is it. */
  readonly quick: Readonly<Record<string, string>>;
  /** Sockets the script opens by default, for the tests that are bounded by what the machine lets one process open. */
  readonly sockets?: number;
}

export const SUITES: readonly Suite[] = [
  {
    name: 'report-to-push',
    what: 'reports at a steady rate, each pushed to all',
    inAll: {},
    quick: { RATE: '10', SECONDS: '6', FOLLOWERS: '5' },
  },
  {
    name: 'storm',
    what: 'a minute thirty times as busy',
    inAll: {},
    quick: { BURST_SECONDS: '6', BASE: '1', FOLLOWERS: '5' },
  },
  {
    name: 'followers',
    what: '10,000 sockets that see all',
    inAll: {},
    quick: { SOCKETS: '1000', RATE: '1', SECONDS: '5' },
    sockets: 10_000,
  },
  {
    name: 'reconnect',
    what: '5,000 sockets come back at once, 100 moves behind',
    inAll: {},
    quick: { SOCKETS: '500', MISSED: '40' },
    sockets: 5_000,
  },
  {
    name: 'soak',
    what: 'the whole chain for long, memory bounded',
    inAll: { MINUTES: '2' },
    quick: { MINUTES: '0.5', RATE: '1' },
  },
  {
    name: 'mixed-day',
    what: 'the incidents of a day in minutes, all roles',
    inAll: { DAY_SECONDS: '180', INCIDENTS: '1500' },
    quick: { DAY_SECONDS: '24', INCIDENTS: '100', READS: '2' },
  },
];

/** Faults planted into the counting, and the threshold that each must break. */
export const FAULTS: readonly { readonly fault: string; readonly breaks: string }[] = [
  { fault: 'drop', breaks: 'pushes_missed count==0' },
  { fault: 'double', breaks: 'pushes_doubled count==0' },
  { fault: 'refused', breaks: 'failed_requests rate==0' },
];
