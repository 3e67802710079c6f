/**
 * What a strategy receives: one type per message of docs/formats/signal-json.md, by the same keys, and
 * one (`stale`) that the client makes itself. Wall-clock stamps are bigint, nanoseconds since 1970
 * UTC, because a number would round them. What is not known is null.
 */

export type Action =
  'threaten' | 'impose' | 'delay' | 'ease' | 'talks' | 'deal' | 'breakdown' | 'block' | 'uphold';
export type Measure =
  'tariff' | 'export_control' | 'import_ban' | 'sanction' | 'investment' | 'port_fee' | 'quota' |
  'subsidy' | 'probe' | 'general';
export type Net = 'none' | 'escalate' | 'deescalate' | 'mixed';
export type Novelty = 'new' | 'confirmation' | 'repeat' | 'update';
export type Attribution = 'unknown' | 'decider' | 'official' | 'sources' | 'outsider';
export type RetractReason = 'corrected' | 'withdrawn' | 'denied' | 'source_deleted' | 'superseded';
export type StatusKind =
  'feed' | 'blind' | 'sighted' | 'reloaded' | 'reload_failed' | 'started' | 'stopping' |
  'journal_full' | 'journal_well';
export type FeedState = 'starting' | 'up' | 'silent' | 'down' | 'failed' | 'ended';
export type MessageName = 'event' | 'signal' | 'retract' | 'status';

/** What every message of the daemon carries. */
export interface Head {
  /** +1 per published message, across restarts; 0 if it belongs to one connection. */
  seq: number;
  /** Changes with every start of the daemon. */
  session: number;
  /** The source's own stamp; 0n if none. */
  source_ns: bigint;
  /** Receipt at the daemon's host. */
  received_ns: bigint;
  /** Receipt to publication, monotonic. */
  latency_ns: number;
}

/** One thing that a headline says was done. */
export interface Fact {
  action: Action;
  measure: Measure;
  denied: boolean;
  retaliation: boolean;
  actor: string[];
  targets: string[];
  products: string[];
  rate_pct: number | null;
  /** YYYY-MM-DD */
  effective: string | null;
  /** 0..1 */
  confidence: number;
  attribution: Attribution;
  speaker: string | null;
  rule: string;
}

/** A headline and what was understood of it. */
export interface Event extends Head {
  type: 'event';
  /** 64 bits in decimal digits. */
  id: string;
  revision: number;
  feed: string;
  source: string;
  trust: number;
  item_id: string;
  text: string;
  net: Net;
  novelty: Novelty;
  origins: number;
  confidence: number;
  updated_ns: bigint;
  truncated: boolean;
  unscored: boolean;
  events: Fact[];
  marks: Mark[];
}

/** `clamped`: a stamp of the source was not true. With any of the others, no signal goes out. */
export type Mark = 'stale' | 'clamped' | 'test' | 'embargo' | 'repeat' | 'waiting';

/** An instrument should rise (direction 1) or fall (-1) because of an event. */
export interface Signal extends Head {
  type: 'signal';
  event_id: string;
  revision: number;
  instrument: string;
  direction: 1 | -1;
  /** -1..1 */
  score: number;
  confidence: number;
  exposure: string;
  bid: number | null;
  ask: number | null;
  mid: number | null;
  spread: number | null;
  quote_age_ns: number | null;
  move_1s_bps: number | null;
  move_5s_bps: number | null;
  move_60s_bps: number | null;
  /** Takes the place of this event's signal for the instrument. */
  replaces: boolean;
}

/** A signal, or (instrument null) a whole event, is taken back. */
export interface Retract extends Head {
  type: 'retract';
  event_id: string;
  revision: number;
  reason: RetractReason;
  supersedes_seq: number;
  instrument: string | null;
  mid_then: number | null;
  mid_now: number | null;
}

/** A feed (kind 'feed') or the daemon itself changed its state. */
export interface Status extends Head {
  type: 'status';
  kind: StatusKind;
  state: FeedState | null;
  feed: string | null;
  text: string;
}

/** Once a second on every connection. */
export interface Heartbeat extends Head {
  type: 'heartbeat';
  last_seq: number;
}

/** The messages from_seq..to_seq, both included, were missed and can no longer be had. */
export interface Gap extends Head {
  type: 'gap';
  from_seq: number;
  to_seq: number;
}

/**
 * Made by the client: nothing was heard for `staleAfterMs`. Told once per silence; the next message
 * ends it. The client goes on trying to connect.
 */
export interface Stale {
  type: 'stale';
  reason: string;
}

export type Message = Event | Signal | Retract | Status | Heartbeat | Gap | Stale;

export interface Options {
  /** Default /run/tariffd/signals.sock */
  path?: string;
  /** First number wanted: one more than the last one worked off; 0: the oldest there is; unset: from now on. */
  fromSeq?: number;
  /** Unset: all. */
  messages?: MessageName[];
  /** Unset: all. */
  instruments?: string[];
  /** 0..1; weaker signals are not sent. */
  minAbsScore?: number;
  /** Silence that is told as Stale (3000; the daemon sends a heartbeat once a second). */
  staleAfterMs?: number;
  /** Wait before the next connection; doubles from one to the other (20, 1000). */
  reconnectMinMs?: number;
  reconnectMaxMs?: number;
}

/** The stream cannot be trusted, or the daemon refused the subscription. */
export class ProtocolError extends Error {}

/** An endless iterator of messages. Take one at a time: no second `next` before the first is there. */
export class Subscription implements AsyncIterableIterator<Message> {
  constructor(options?: Options);
  /** One more than the number of the last message that was handed out; undefined at first. */
  readonly nextSeq: number | undefined;
  next(): Promise<IteratorResult<Message, undefined>>;
  /** Ends the iteration and the connection. */
  close(): void;
  return(): Promise<IteratorResult<Message, undefined>>;
  [Symbol.asyncIterator](): this;
}

export const DEFAULT_PATH: string;

/** Messages of the daemon, for ever; lost connections are resumed where they broke off. */
export function subscribe(options?: Options): Subscription;
