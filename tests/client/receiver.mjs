// tests/client/receiver.mjs - As receiver.cc: receiver.mjs SOCKET FILE LAST_SEQ.
import assert from 'node:assert/strict';
import fs from 'node:fs';

import { subscribe } from '../../client/node/tariffd.mjs';

const [path, out, until] = process.argv.slice(2);
setTimeout(() => process.exit(1), 120_000).unref();
const file = fs.openSync(out, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
const end = Math.floor(fs.fstatSync(file).size / 8) * 8;
fs.ftruncateSync(file, end);
const number = Buffer.alloc(8);
if (end > 0) fs.readSync(file, number, 0, 8, end - 8);
let last = Number(number.readBigUInt64LE());
let at = end;

for await (const message of subscribe({ path, fromSeq: last + 1 })) {
  if (message.type === 'heartbeat' || message.type === 'stale') continue;
  assert.ok(message.type === 'signal' || message.type === 'event', message.type);
  assert.equal(message.type === 'event' ? message.id : message.event_id, String(message.seq));
  last = message.seq;
  number.writeBigUInt64LE(BigInt(last));
  at += fs.writeSync(file, number, 0, 8, at);
  if (last === Number(until)) break;
}
