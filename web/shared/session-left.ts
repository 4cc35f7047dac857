/**
 * Signing out where the service is not reached. The session is a cookie that no page can take away, so the device remembers that it is to be ended: until then no
 * page of it shows anything, and whatever is opened first with a network ends it.
 */
import { api } from './api.ts';
import { asProblem } from './problem.ts';

export const LEFT = 'me.left';

export function isLeft(): boolean {
  try {
    return localStorage.getItem(LEFT) !== null;
  } catch {
    return false;
  }
}
function keepThatLeft(): void {
  try {
    localStorage.setItem(LEFT, 'yes');
  } catch {
    // Storage off: this page covers itself, the next one is let in by the cookie.
  }
}
function forgetThatLeft(): void {
  try {
    localStorage.removeItem(LEFT);
  } catch {
    // Nothing was kept.
  }
}

/** Ends the session of this device. @returns whether it has ended; false: not reached, or not able to, and it is remembered. */
export async function endSession(): Promise<boolean> {
  try {
    await api.del('/sessions/current', { patient: false, signedIn: false });
  } catch (thrown) {
    if (asProblem(thrown).status !== 401) {
      keepThatLeft();
      return false;
    }
  }
  forgetThatLeft();
  return true;
}
