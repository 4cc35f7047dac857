/** Tables of what goes out: a row each as kysely sees it. */
import type { ColumnType, Generated } from 'kysely';

/** The key pair by which push services know the service (VAPID, RFC 8292). Primary key: district. */
export interface PushKeyTable {
  district: number;
  /** base64url, 65 bytes. */
  public_key: string;
  /** base64url, 32 bytes. In no log and no answer. */
  private_key: string;
  made_at: Generated<Date>;
}

/** Where a device is reached while its page is closed. Primary key: district, id; one for a session. */
export interface PushSubscriptionTable {
  district: number;
  id: string;
  session: string;
  account: string;
  /** Inboxes of the account when it subscribed: finds candidates; the account of now decides. */
  places: string[];
  endpoint: string;
  p256dh: string;
  auth: string;
  /** Whom a push service may turn to: the service's own address, or a mail address. */
  contact: string;
  locale: 'zh-CN' | 'en';
  /** What people call it: `Android · Chrome`. */
  device: string;
  at: Generated<Date>;
  /** Signed out, or unknown to the push service: it gets nothing new. */
  ended_at: Date | null;
}

/** What is told to one target. Primary key: district, id. */
export interface OutboundTable {
  district: number;
  id: Generated<number>;
  kind: 'webpush';
  target: string;
  /** What it is about; told once to a target. */
  key: string;
  subject: 'ring' | 'notice' | 'test';
  /** No personal data. `json`: written as text, read as a value. */
  payload: ColumnType<unknown, string, string>;
  recipient: string;
  seq: number | null;
  incident: string | null;
  assignment: string | null;
  account: string;
  session: string;
  device: string;
  /** When the move was made that asks or tells. */
  queued_at: Date;
  /** From when on it is to be said next. */
  due_at: Date;
  /** When it is looked at next; null: it has its outcome. */
  next_at: Date | null;
  /** A node works on it until then. */
  leased_until: Date | null;
  /** Failed in a row. */
  attempts: Generated<number>;
  /** The push service is left alone until then; null: it was not busy. */
  retry_at: Date | null;
  /** A notification of it may stand on the device. */
  showing: Generated<boolean>;
  /** How often the push service took it. */
  sends: Generated<number>;
  sent_at: Date | null;
  last_sent_at: Date | null;
  delivered_at: Date | null;
  shown_at: Date | null;
  /** HTTP status of the last answer. */
  status: number | null;
  /** Why no more is sent. */
  outcome: 'sent' | 'quieted' | 'over' | 'replaced' | 'gone' | 'signedOut' | 'expired' | 'refused' | 'failed' | null;
}

export interface OutboundTables {
  push_key: PushKeyTable;
  push_subscription: PushSubscriptionTable;
  outbound: OutboundTable;
}
