/** Instead of a report of its own: what was photographed and written goes to the incident that is there already. */
import { api, newKey } from '../../shared/api.ts';
import { sendPhoto, type LocalPhoto } from '../../shared/photos.ts';
import type { PersonCommand, WireIncident } from '../../shared/types.ts';
import { sendVoice, type LocalVoice } from '../../shared/voice/voices.ts';

/** One key a command, for as long as the page is open: pressing again after a lost answer adds nothing twice. */
const keys = new Map<string, string>();

function keyOf(draft: string, incident: string, command: PersonCommand): string {
  const name = `${draft} ${incident} ${JSON.stringify(command)}`;
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  return key;
}

/** What is said to those who handle it; a comment always, so that they hear that it was seen again. Pure. */
export function commandsToAdd(photoIds: readonly string[], voiceIds: readonly string[], comment: string): PersonCommand[] {
  const said: PersonCommand = { verb: 'comment', text: comment };
  const photos = photoIds.length === 0 ? {} : { photos: [...photoIds] };
  const voices = voiceIds.length === 0 ? {} : { voices: [...voiceIds] };
  return photoIds.length + voiceIds.length === 0 ? [said] : [{ verb: 'attach', ...photos, ...voices }, said];
}

/** @returns the incident as it is then. @throws ApiProblem; what was sent by then stays sent, and is not sent again. */
export async function addTo(
  incident: string,
  draft: string,
  what: { readonly photos: readonly LocalPhoto[]; readonly voices: readonly LocalVoice[]; readonly comment: string },
): Promise<WireIncident> {
  const photos: string[] = [];
  for (const photo of what.photos) photos.push(await sendPhoto(photo));
  const voices: string[] = [];
  for (const voice of what.voices) voices.push(await sendVoice(voice));
  let newest: WireIncident | undefined;
  for (const command of commandsToAdd(photos, voices, what.comment)) {
    const answer = await api.post<{ incident: WireIncident }>(`/incidents/${incident}/moves`, command, {
      key: keyOf(draft, incident, command),
    });
    newest = answer.incident;
  }
  return newest!;
}
