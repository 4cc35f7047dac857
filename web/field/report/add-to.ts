/** Instead of a report of its own: what was photographed and written goes to the incident that is there already. */
import { api, newKey } from '../../shared/api.ts';
import { sendPhoto, type LocalPhoto } from '../../shared/photos.ts';
import type { PersonCommand, WireIncident } from '../../shared/types.ts';

/** One key a command, for as long as the page is open: pressing again after a lost answer adds nothing twice. */
const keys = new Map<string, string>();

function keyOf(draft: string, incident: string, command: PersonCommand): string {
  const name = `${draft} ${incident} ${JSON.stringify(command)}`;
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  return key;
}

/** What is said to those who handle it; a comment always, so that they hear that it was seen again. Pure. */
export function commandsToAdd(photoIds: readonly string[], comment: string): PersonCommand[] {
  const said: PersonCommand = { verb: 'comment', text: comment };
  return photoIds.length === 0 ? [said] : [{ verb: 'attach', photos: [...photoIds] }, said];
}

/** @returns the incident as it is then. @throws ApiProblem; what was sent by then stays sent, and is not sent again. */
export async function addTo(incident: string, draft: string, photos: readonly LocalPhoto[], comment: string): Promise<WireIncident> {
  const ids: string[] = [];
  for (const photo of photos) ids.push(await sendPhoto(photo));
  let newest: WireIncident | undefined;
  for (const command of commandsToAdd(ids, comment)) {
    const answer = await api.post<{ incident: WireIncident }>(`/incidents/${incident}/moves`, command, {
      key: keyOf(draft, incident, command),
    });
    newest = answer.incident;
  }
  return newest!;
}
