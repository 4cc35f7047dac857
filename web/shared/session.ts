/** Who is signed in, and the way to the sign-in page and back. */
import { ref, type Ref } from 'vue';
import { api, callOnlyWhile, recoverSessionBy } from './api.ts';
import { asProblem } from './problem.ts';
import { endSession, isLeft, LEFT } from './session-left.ts';
import type { Me, Role } from './types.ts';

/** Who is signed in; null before `loadMe` has answered, or when nobody is. */
export const me: Ref<Me | null> = ref(null);

/** Page of each role. */
export const HOME: Readonly<Record<Role, string>> = {
  gridWorker: '/field/',
  unit: '/unit/',
  community: '/centre/',
  subdistrict: '/centre/',
  district: '/centre/',
  leader: '/centre/',
  auditor: '/centre/',
  admin: '/centre/',
  member: '/centre/',
};

/** 挂图作战 hangs in the rooms of district and subdistricts; leaders and auditors look at it too. */
const WALL: ReadonlySet<Role> = new Set<Role>(['district', 'subdistrict', 'leader', 'auditor']);
export const seesWall = (role: Role): boolean => WALL.has(role);

/** @throws ApiProblem `wrong-credentials` (with `attemptsLeft` where the service says it) or `too-many-attempts` (with Retry-After). */
export async function signIn(account: string, password: string): Promise<Me> {
  // Before another takes its place: nobody could end it any more.
  if (isLeft()) await endSession();
  const answer = await api.post<{ me: Me }>('/sessions', { account: account.trim(), password }, { patient: false, signedIn: false });
  me.value = answer.me;
  keepMe(answer.me);
  return answer.me;
}

const leavers = new Set<() => Promise<unknown>>();
/** Called when the person signs out, while `me` still says who it was: what the device keeps of them alone goes with them. */
export function onSignOut(forget: () => Promise<unknown>): void {
  leavers.add(forget);
}

/**
 * Ends the session on every window that shares it and goes to the sign-in page. A lost network does not keep anybody in: the page is covered, and the session
 * ended once the service is reached (`session-left.ts`).
 */
export async function signOut(): Promise<void> {
  // The end that the socket and other calls hear of from now on is the one that was asked for.
  recoverSessionBy(null);
  const ended = await endSession();
  await atMost(leavers);
  me.value = null;
  forgetMe();
  if (ended) location.assign('/');
  else cover();
}

/** What stands in the page's place once somebody has left it without a network. */
let cover: () => void = () => location.assign('/');

/**
 * Who was signed in last on this device. It outlives the session: without it a page that is opened without a network after the session has ended would be
 * empty, with reports on it that nobody can reach. It goes with signing out, and when another person signs in.
 */
const KEPT = 'me';
/** The kept person's session is known to have ended: the sign-in page asks for nobody then. */
const ENDED = 'me.ended';
/** Names and codes only: what the page needs to open without a network. */
function keepMe(who: Me): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(who));
    localStorage.removeItem(ENDED);
  } catch {
    // Storage full or off: the page then needs the network to open.
  }
}
function forgetMe(): void {
  try {
    localStorage.removeItem(KEPT);
    localStorage.removeItem(ENDED);
  } catch {
    // Nothing was kept.
  }
}
function keepThatItEnded(): void {
  try {
    localStorage.setItem(ENDED, 'yes');
  } catch {
    // The sign-in page then asks once in vain.
  }
}
function keptMe(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Me | null;
  } catch {
    return null;
  }
}

/**
 * Asks who is signed in. Where the service is not reached or cannot answer, the person who was signed in last on this device is taken, so that a report can
 * be written; the service checks again before it takes anything.
 *
 * @throws ApiProblem when it is not known who this is: not reached, and nobody was signed in here before. Without a session it does not come back: the page
 * is on its way to the sign-in page. Nor after signing out without a network: the page is covered until the session has ended.
 */
export async function loadMe(): Promise<Me> {
  if (isLeft() && !(await endSession())) {
    cover();
    return new Promise<Me>(() => undefined);
  }
  const kept = keptMe();
  try {
    // Whoever is known does not wait for a service that is busy.
    const who = await api.get<Me>('/me', {}, { patient: kept === null });
    me.value = who;
    keepMe(who);
    return who;
  } catch (thrown) {
    if (kept === null || !asProblem(thrown).passing) throw thrown;
    me.value = kept;
    return kept;
  }
}

/**
 * For the sign-in page: who is still signed in here, or null. A device on which nobody is, as far as it knows, is not asked about: the answer is known, and the
 * browser would write the refusal down as an error.
 */
export async function stillSignedIn(): Promise<Me | null> {
  if (isLeft()) await endSession();
  if (keptMe() === null || localStorage.getItem(ENDED) !== null) return null;
  try {
    return await api.get<Me>('/me', {}, { signedIn: false });
  } catch (thrown) {
    if (asProblem(thrown).status === 401) keepThatItEnded();
    return null;
  }
}

/** Where the sign-in page sends one back to: only paths of our own. */
export function backTo(search: string, role: Role): string {
  const back = new URLSearchParams(search).get('back');
  const home = HOME[role];
  if (back === null) return home;
  return back.startsWith(home) || (seesWall(role) && back.startsWith('/wall/')) ? back : home;
}

/** What must still be written down before the page is left, longest wait in milliseconds. */
const KEEPING_MS = 2_000;
const keepers = new Set<() => Promise<unknown>>();
/** Called when a session has ended, before the page is left for the sign-in page. Returns the way to stop being called. */
export function keepBeforeSignIn(keep: () => Promise<unknown>): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/** Asks for the password where one is, over whatever is open there. @returns whether the same person is signed in again; false: put off. */
export type AskInPlace = (acted: boolean) => Promise<boolean>;

const writeDown = () => atMost(keepers);
/** All of them, failed or not, but nobody waits for a store that hangs. */
async function atMost(all: ReadonlySet<() => Promise<unknown>>): Promise<void> {
  const done = Promise.allSettled([...all].map((one) => one()));
  await Promise.race([done, new Promise((late) => setTimeout(late, KEEPING_MS))]);
}

/**
 * Leaves for the sign-in page, which comes back here. It says that the session has ended only where somebody was still signed in as far as this device knows:
 * whoever has signed out, or was never here, has lost nothing, and would look for a fault.
 */
export async function leaveToSignIn(): Promise<void> {
  await writeDown();
  const here = location.pathname + location.search + location.hash;
  location.assign(`/?${keptMe() === null && me.value === null ? '' : 'ended=1&'}back=${encodeURIComponent(here)}`);
}

/**
 * From now on a session that ends leads to signing in again: in place where the page has a way to ask and somebody was signed in, else by way of the sign-in
 * page. What was typed is written down first either way: the page may be closed over the question. Where another person signs in on this device, the page is left.
 *
 * @param covered  puts something in the page's place: its person has signed out, and the session could not be ended yet.
 */
export function signInAgainWhenEnded(covered: () => void, ask?: AskInPlace): void {
  cover = covered;
  leaveToWhoeverSignsIn();
  recoverSessionBy(async (acted) => {
    keepThatItEnded();
    if (ask === undefined || me.value === null) {
      await leaveToSignIn();
      // Nothing more happens on this page: whoever waits for the answer waits until it is gone.
      return new Promise<boolean>(() => undefined);
    }
    void writeDown();
    return ask(acted);
  });
}

/** Who has signed in on this device since, in another window; null while it is the same person, or nobody. */
function anotherPerson(): Me | null {
  const kept = keptMe();
  return kept !== null && me.value !== null && kept.account !== me.value.account ? kept : null;
}

/**
 * The windows of a browser share one session. When another person signs in in one of them, nothing may go out from here any more: the service would take it as
 * theirs. What was typed is kept under the name of whoever typed it.
 */
function leaveToWhoeverSignsIn(): void {
  callOnlyWhile(() => !isLeft() && anotherPerson() === null);
  let leaving = false;
  const look = async () => {
    const other = anotherPerson();
    if (other === null || leaving) return;
    leaving = true;
    await writeDown();
    location.replace(HOME[other.role]);
  };
  addEventListener('storage', ({ key }) => {
    if (key === KEPT) void look();
    // Another window of the person has left, and could not end the session.
    if (key === LEFT && isLeft()) void writeDown().then(cover);
  });
  // A page that was frozen meanwhile was told nothing.
  addEventListener('pageshow', () => void look());
  document.addEventListener('visibilitychange', () => void look());
}
