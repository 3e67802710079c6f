// tests/npm/wss_client.mjs SERVER - An independent WebSocket client over TLS with a private CA, in
// JSON: header login, the full list in the answer, compression, pings, and a stranger's distrust.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packages, play, run } from './support.mjs';

const { WebSocket } = packages();

const ITEMS = [
  { at: '2025-10-10T20:50:04.377Z', type: 'news', id: 7, headline: 'Headline "7"', source: 'wire' },
  { at: '2025-10-10T20:50:05Z', type: 'quote', symbol: 'SPY', bid: 650.01, ask: 650.03 },
];

/** A CA and a certificate for 127.0.0.1 by it, in `folder`. */
function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2',
    '-subj', '/CN=Test CA', '-addext', 'basicConstraints=critical,CA:TRUE');
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=tape');
  writeFileSync(join(folder, 'san.ext'), 'subjectAltName=IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
    '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'san.ext');
}

/** Messages of `socket` one by one; null once it has closed. */
function reader(socket) {
  const messages = [];
  const waiting = [];
  const give = (message) => (waiting.length > 0 ? waiting.shift()(message) : messages.push(message));
  socket.on('message', (data, binary) => {
    assert.equal(binary, false);
    give(JSON.parse(data.toString()));
  });
  socket.on('close', () => give(null));
  return () => new Promise((resolve) =>
    messages.length > 0 ? resolve(messages.shift()) : waiting.push(resolve));
}

await run(async (folder) => {
  makeCertificates(folder);
  const server = await play(folder, ITEMS, [
    '--once', '--key', 'key', '--secret', 'secret', '--certificate', join(folder, 'server.pem'),
    '--private-key', join(folder, 'server.key'),
  ]);
  assert.match(server.url, /^wss:/);

  const stranger = new WebSocket(`${server.url}/v1beta1/news`);
  const distrust = await new Promise((resolve) => stranger.once('error', resolve));
  assert.match(distrust.code, /SELF_SIGNED_CERT|UNABLE_TO/);

  const ca = readFileSync(join(folder, 'ca.pem'));
  const elsewhere = new WebSocket(`${server.url}/v3/gossip`, { ca });
  const refusal = await new Promise((resolve) => elsewhere.once('error', resolve));
  assert.match(refusal.message, /404/);

  const socket = new WebSocket(`${server.url}/v1beta1/news`, {
    ca, headers: { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' },
  });
  const next = reader(socket);
  assert.deepEqual(await next(), [{ T: 'success', msg: 'connected' }]);
  assert.deepEqual(await next(), [{ T: 'success', msg: 'authenticated' }]);
  assert.match(socket.extensions, /permessage-deflate/);

  const pong = new Promise((resolve) => socket.once('pong', (data) => resolve(data.toString())));
  socket.ping('are you there');
  assert.equal(await pong, 'are you there');

  socket.send(JSON.stringify({ action: 'subscribe', news: ['*'] }));
  assert.deepEqual(await next(), [{ T: 'subscription', news: ['*'] }]);
  assert.deepEqual(await next(), [{
    T: 'n', id: 7, headline: 'Headline "7"', summary: '', author: '',
    created_at: '2025-10-10T20:50:04.377Z', updated_at: '2025-10-10T20:50:04.377Z', url: '',
    content: '', symbols: [], source: 'wire',
  }]);
  assert.equal(await next(), null);
  assert.equal(await server.ended, 0);
});
