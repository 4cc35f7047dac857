/** Passwords: argon2id, so dear that guessing does not pay and a storm of sign-ins must be held back. */
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { makeSlots, type Slots } from '../slots.ts';

/** The first choice of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 thread. argon2id is the library's own default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Two of the four threads that Node has for such work: files and compression keep theirs, and memory stays below 40 MiB. */
const AT_ONCE = 2;
/** Some ten seconds of work on a small machine; who comes later is told to come back. */
const WAITING = 500;

/** In PHC form, with a salt of its own. Some 30 ms of one processor. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** One line for every check of the process. */
export function passwordSlots(): Slots {
  return makeSlots(AT_ONCE, WAITING);
}

/** A hash that no password has: checked for an unknown account, so that it takes as long as a known one. */
export function dummyHash(): Promise<string> {
  return hashPassword(randomBytes(32).toString('hex'));
}

/** @returns false also for a stored value that is no hash: nobody gets in by a damaged row. */
export async function passwordMatches(stored: string, password: string): Promise<boolean> {
  try {
    return await verify(stored, password);
  } catch {
    return false;
  }
}
