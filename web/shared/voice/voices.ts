/** Voice notes on the device, and their way to the service. */
import { api } from '../api.ts';
import type { KeptVoice } from '../kept.ts';

/** A minute a note and three notes a report: the service takes no more. */
export const VOICE_MAX_MS = 60_000;
export const VOICES_MAX = 3;

export interface LocalVoice {
  /** Ours, before the service has named it. */
  readonly id: string;
  readonly blob: Blob;
  readonly durationMs: number;
}

/**
 * Sends one voice note and returns its id at the service. Its own id is the key, so one whose answer was lost is not kept twice.
 *
 * @throws ApiProblem
 */
export async function sendVoice(voice: Pick<KeptVoice, 'id' | 'blob'>, onProgress?: (part: number) => void): Promise<string> {
  const form = new FormData();
  form.append('file', voice.blob, 'voice');
  return (await api.upload<{ id: string }>('/voices', form, { key: voice.id, onProgress })).id;
}

export const voiceUrl = (id: string) => `/api/v1/voices/${id}`;
