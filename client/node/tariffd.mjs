// @ts-check
// client/node/tariffd.mjs - Subscribes to a running tariffd and hands out its messages one by one. Node
// 18 or newer, no dependency, nothing to build. How a strategy should answer each message:
// docs/howto/write-a-strategy.md; the types: tariffd.d.mts beside this file.
import net from 'node:net';

export const DEFAULT_PATH = '/run/tariffd/signals.sock';
const LINE_CHARS_MAX = 65_536;
const TYPES = ['event', 'signal', 'retract', 'status', 'heartbeat', 'gap'];

/** The stream cannot be trusted, or the daemon refused the subscription. */
export class ProtocolError extends Error {}

/** `"key":digits` occurs only as a key of ours: within a string its quotes would be escaped. */
const STAMPS = /"(source_ns|received_ns|updated_ns)":(-?\d+)/g;

/**
 * One line to a message. A stamp has more digits than a number keeps: it is read as a bigint.
 * @param {string} line
 */
export function decode(line) {
  let message;
  try {
    message = JSON.parse(line.replace(STAMPS, '"$1":"$2"'));
    for (const key of ['source_ns', 'received_ns', 'updated_ns']) {
      if (key in message) message[key] = BigInt(message[key]);
    }
  } catch {
    throw new ProtocolError(`not a message: ${line.slice(0, 100)}`);
  }
  if (message.type === 'error') throw new ProtocolError(`the daemon refused: ${message.text}`);
  if (!Number.isSafeInteger(message.seq)) throw new ProtocolError('a message without seq');
  return message;
}

/** Where one subscription stands, over all its connections. No socket and no clock in it. */
class Session {
  /** @param {import('./tariffd.mjs').Options} options */
  constructor(options) {
    this.options = options;
    this.every = !options.messages?.length && !options.instruments?.length && !options.minAbsScore;
    /** @type {number | undefined} */
    this.next = options.fromSeq || undefined; // 0, the oldest there is, is not yet a number
    this.beganAt = options.fromSeq;
    this.rest = '';
  }

  /** What a resumed subscription asks for. */
  get nextSeq() {
    return this.next ?? this.beganAt;
  }

  /** The line to send on a new connection. What the last one left unfinished is asked for again. */
  connected() {
    this.rest = '';
    return JSON.stringify({
      op: 'subscribe', format: 'json', from_seq: this.nextSeq,
      messages: this.options.messages?.length ? this.options.messages : undefined,
      instruments: this.options.instruments?.length ? this.options.instruments : undefined,
      min_abs_score: this.options.minAbsScore || undefined,
    }) + '\n';
  }

  /**
   * The messages that `data` completes. Take all of them before the next call.
   * @param {string} data
   */
  * feed(data) {
    const lines = (this.rest + data).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > LINE_CHARS_MAX) throw new ProtocolError('a line without an end');
    for (const line of lines) yield* this.place(decode(line));
  }

  /** @param {any} message */
  * place(message) {
    if (message.type === 'heartbeat') {
      // A subscription that began "now" and has seen no message yet learns its place here.
      this.beganAt ??= message.last_seq + 1;
      if (this.next !== undefined && message.last_seq + 1 < this.next) this.wentBack(message.last_seq);
    } else if (message.type === 'gap') {
      this.next = Math.max(this.next ?? 0, message.to_seq + 1);
    } else if (message.seq > 0) {
      const due = this.next ?? message.seq;
      if (message.seq < due) this.wentBack(message.seq);
      this.next = message.seq + 1;
      if (message.seq > due && this.every) {
        yield { ...head(message), type: 'gap', seq: 0, from_seq: due, to_seq: message.seq - 1 };
      }
    }
    // Types that this version does not know have their numbers, and are left out.
    if (TYPES.includes(message.type)) yield message;
  }

  /** @param {number} seq */
  wentBack(seq) {
    throw new ProtocolError(
      `the numbering went back to ${seq}: the daemon's journal was replaced; subscribe anew`);
  }
}

/** @param {any} message */
function head({ session, source_ns, received_ns, latency_ns }) {
  return { session, source_ns, received_ns, latency_ns };
}

/** An endless iterator of messages. Made by `subscribe`. */
export class Subscription {
  /** @type {net.Socket | undefined} */
  #socket;
  #closed = false;
  #lost = false;
  #reason = 'never connected';
  #wake = () => {};
  #session;
  #path;
  #staleAfter;
  #backoffMin;
  #backoffMax;
  #messages;

  /** @param {import('./tariffd.mjs').Options} options */
  constructor(options = {}) {
    this.#session = new Session(options);
    this.#path = options.path ?? DEFAULT_PATH;
    this.#staleAfter = options.staleAfterMs ?? 3_000;
    this.#backoffMin = options.reconnectMinMs ?? 20;
    this.#backoffMax = options.reconnectMaxMs ?? 1_000;
    this.#messages = this.#run();
  }

  get nextSeq() {
    return this.#session.nextSeq;
  }

  next() {
    return this.#messages.next();
  }

  close() {
    this.#closed = true;
    this.#socket?.destroy();
    this.#wake();
  }

  return() {
    this.close();
    return this.#messages.return(undefined);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {AsyncGenerator<any, undefined>} */
  async* #run() {
    let heardAt = performance.now();
    let retryAt = 0;
    let backoff = this.#backoffMin;
    let stale = false;
    try {
      while (!this.#closed) {
        const now = performance.now();
        if (this.#lost) {
          this.#socket = undefined;
          this.#lost = false;
          retryAt = now + backoff;
          backoff = Math.min(2 * backoff, this.#backoffMax);
        }
        if (!stale && now >= heardAt + this.#staleAfter) {
          stale = true;
          yield { type: 'stale', reason: this.#reason };
          continue;
        }
        if (this.#socket === undefined && now >= retryAt) this.#connect();
        const data = this.#socket?.read();
        if (typeof data === 'string') {
          heardAt = now;
          stale = false;
          backoff = this.#backoffMin;
          yield* this.#session.feed(data);
          continue;
        }
        const dues = [];
        if (!stale) dues.push(heardAt + this.#staleAfter);
        if (this.#socket === undefined) dues.push(retryAt);
        await this.#sleep(dues.length ? Math.min(...dues) - now : undefined);
      }
    } finally {
      this.#socket?.destroy();
    }
  }

  #connect() {
    const socket = net.createConnection(this.#path);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      this.#reason = 'connected, but nothing was heard, not even a heartbeat';
    });
    socket.on('error', (problem) => {
      this.#reason = `cannot connect to ${this.#path}: ${problem.message}`;
    });
    // Events of a connection that was given up say nothing about the one that followed it.
    const current = () => socket === this.#socket;
    socket.on('readable', () => current() && this.#wake());
    socket.on('end', () => current() && (this.#reason = 'the daemon closed the connection'));
    socket.on('close', () => {
      if (!current()) return;
      this.#lost = true;
      this.#wake();
    });
    this.#socket = socket;
    socket.write(this.#session.connected());
  }

  /**
   * Until something happens, at most `ms`.
   * @param {number | undefined} ms
   */
  #sleep(ms) {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.max(ms, 1));
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}

/** @param {import('./tariffd.mjs').Options} options */
export function subscribe(options = {}) {
  return new Subscription(options);
}
