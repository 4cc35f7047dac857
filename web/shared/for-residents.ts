/** What staff read of an incident's residents: the link to hold out, and the ratings. */
import type { WireForStaff } from '../../src/residents/schemas.ts';
import { api } from './api.ts';

export type { WireForStaff };

/** @throws ApiProblem */
export const residentsOf = (incident: string): Promise<WireForStaff> => api.get<WireForStaff>(`/incidents/${incident}/residents`);

/** As it stands in the QR code: with the host that this page was opened by. */
export const linkTo = (path: string): string => new URL(path, location.origin).href;

/** Where the number is typed by whoever cannot scan: this service, without what a browser puts before it by itself. */
export const shortAddress = (): string => `${location.host}/r/`;
