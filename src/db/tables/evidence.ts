/** Tables of evidence: a row each as kysely sees it. */
import type { Generated } from 'kysely';

export interface PhotoTable {
  district: number;
  id: string;
  uploaded_by: string;
  uploaded_at: Generated<Date>;
  /** Idempotency-Key of the upload, when it had one. */
  key: string | null;
  /** sha-256 of the file as it was sent. */
  digest: Buffer;
  /** Pixels of `image`. */
  width: number;
  height: number;
  /** JPEG without metadata, at most 2048 px. */
  image: Buffer;
  /** JPEG without metadata, at most 320 px. */
  thumb: Buffer;
  /** WGS-84, as the file said; null when it said nothing. */
  proof_lng: number | null;
  proof_lat: number | null;
  /** When the file says that it was taken. */
  proof_taken_at: Date | null;
  /** When the sender says that it was taken. */
  claimed_taken_at: Date | null;
  /** The one incident that it belongs to. */
  incident: string | null;
  bound_at: Date | null;
  /** It is known to be held: by its incident's log, or by what else it was bound to. */
  taken: Generated<boolean>;
}

export interface VoiceTable {
  district: number;
  id: string;
  uploaded_by: string;
  uploaded_at: Generated<Date>;
  /** Idempotency-Key of the upload, when it had one. */
  key: string | null;
  /** sha-256 of the file as it was sent. */
  digest: Buffer;
  /** Container, by its bytes. */
  type: 'webm' | 'ogg' | 'mp4';
  duration_ms: number;
  /** The file, without what its recorder wrote beside the sound. */
  sound: Buffer;
  /** The one incident that it belongs to. */
  incident: string | null;
  bound_at: Date | null;
  /** Its incident's log is known to hold it. */
  taken: Generated<boolean>;
}

export interface EvidenceTables {
  photo: PhotoTable;
  voice: VoiceTable;
}
