/** What this device remembers: what was reported and rated on it, and by what its ratings are known again. Nothing of it leaves the device but that. */
import { newKey } from '../shared/api.ts';

export interface OwnReport {
  readonly number: string;
  readonly code: string;
}

const REPORTS = 'resident.reports';
const DEVICE = 'resident.device';
const RATED = 'resident.rated';
/** More nobody looks through. */
const MOST_REPORTS = 20;

function read<T>(name: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? 'null') as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}
function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage full or off: it is known until the page is closed.
  }
}

export const ownReports = (): readonly OwnReport[] => read<OwnReport[]>(REPORTS, []);

export function rememberReport(report: OwnReport): void {
  keep(REPORTS, [report, ...ownReports().filter(({ number }) => number !== report.number)].slice(0, MOST_REPORTS));
}

let device: string | null = null;
/** The same at each visit, so that the own rating may be changed. */
export function deviceId(): string {
  device ??= read<string | null>(DEVICE, null) ?? newKey();
  keep(DEVICE, device);
  return device;
}

export const ratedHere = (number: string): boolean => read<string[]>(RATED, []).includes(number);
export function rememberRated(number: string): void {
  keep(RATED, [number, ...read<string[]>(RATED, []).filter((other) => other !== number)].slice(0, 10 * MOST_REPORTS));
}
