// tests/npm/alpaca_client.mjs SERVER - The provider's own client reads a tape: every headline and
// quote, every field, to the nanosecond; and it understands the refusals. It speaks msgpack.
import assert from 'node:assert/strict';

import { packages, play, run } from './support.mjs';

const { NewsStream, StockDataStream, CryptoDataStream } = packages().alpaca.streaming;

const ITEMS = [
  {
    at: '2025-10-10T20:50:04.377Z', type: 'news', id: 4294967297, headline: 'Tariff “threat”, Šefčovič',
    source: 'wire', symbols: ['FXI', 'SPY'], author: 'A. Writer', summary: 'In short',
    content: `<p>${'long '.repeat(20000)}</p>`, url: 'https://example.org/1',
  },
  {
    at: '2025-10-10T20:50:04.5Z', type: 'quote', symbol: 'SPY', bid: 650.01, ask: 650.03,
    bid_size: 3, ask_size: 400, bid_exchange: 'U', ask_exchange: 'X', tape: 'B',
  },
  {
    at: '2025-10-10T20:50:05.335689322Z', type: 'quote', symbol: 'QQQ', bid: 589, ask: 589.05,
    bid_size: 1, ask_size: 2,
  },
  {
    at: '2025-10-10T20:50:05.335689323Z', type: 'quote', symbol: 'BTC/USD', bid: 42135.56,
    ask: 42176.435, bid_size: 0.27779, ask_size: 2,
  },
  {
    at: '2025-10-10T20:57:12.66Z', type: 'news', id: 4294967297, headline: 'Tariff threat, edited',
    source: 'wire', updated_at: '2025-10-10T20:57:10Z',
  },
];

const NEWS = [
  {
    id: 4294967297, idRaw: '4294967297', headline: ITEMS[0].headline, summary: 'In short',
    author: 'A. Writer', createdAt: new Date('2025-10-10T20:50:04.377Z'),
    updatedAt: new Date('2025-10-10T20:50:04.377Z'), url: 'https://example.org/1',
    content: ITEMS[0].content, symbols: ['FXI', 'SPY'], source: 'wire',
  },
  {
    id: 4294967297, idRaw: '4294967297', headline: 'Tariff threat, edited', summary: '',
    author: '', createdAt: new Date('2025-10-10T20:50:04.377Z'),
    updatedAt: new Date('2025-10-10T20:57:10Z'), url: '', content: '', symbols: [], source: 'wire',
  },
];
const STOCKS = [
  {
    symbol: 'SPY', bidExchange: 'U', bidPrice: 650.01, bidSize: 3, askExchange: 'X',
    askPrice: 650.03, askSize: 400, timestamp: new Date('2025-10-10T20:50:04.5Z'),
    timestampRaw: '2025-10-10T20:50:04.500000000Z', conditions: ['R'], tape: 'B',
  },
  {
    symbol: 'QQQ', bidExchange: 'V', bidPrice: 589, bidSize: 1, askExchange: 'V',
    askPrice: 589.05, askSize: 2, timestamp: new Date('2025-10-10T20:50:05.335Z'),
    timestampRaw: '2025-10-10T20:50:05.335689322Z', conditions: ['R'], tape: 'C',
  },
];
const CRYPTO = [
  {
    symbol: 'BTC/USD', bidExchange: undefined, bidPrice: 42135.56, bidSize: 0.27779,
    askExchange: undefined, askPrice: 42176.435, askSize: 2,
    timestamp: new Date('2025-10-10T20:50:05.335Z'),
    timestampRaw: '2025-10-10T20:50:05.335689323Z', conditions: [], tape: undefined,
  },
];

function stream(Kind, url, keyId = 'key') {
  return new Kind({ url, credentials: { keyId, secret: 'secret' }, reconnect: false });
}

/** Everything that `connection` brings until the server closes it. */
function collect(connection, listen) {
  const items = [];
  connection.onError((error) => items.push({ error }));
  listen((item) => items.push(item));
  return new Promise((resolve) => {
    connection.onDisconnect(() => resolve(items));
    connection.connect();
  });
}

async function receivesTheWholeTape(folder) {
  const server = await play(folder, ITEMS, ['--once', '--speed', '1000', '--clients', '3']);
  const news = stream(NewsStream, `${server.url}/v1beta1/news`);
  const stocks = stream(StockDataStream, `${server.url}/v2/iex`);
  const crypto = stream(CryptoDataStream, `${server.url}/v1beta3/crypto/us`);
  news.subscribeForNews(['*']);
  stocks.subscribeForQuotes(['SPY', 'QQQ']);
  crypto.subscribeForQuotes(['*']);
  const received = await Promise.all([
    collect(news, (fn) => news.onNews(fn)),
    collect(stocks, (fn) => stocks.onQuote(fn)),
    collect(crypto, (fn) => crypto.onQuote(fn)),
  ]);
  assert.deepEqual(received, [NEWS, STOCKS, CRYPTO]);
  assert.deepEqual(stocks.getSubscriptions().quotes, ['QQQ', 'SPY']);
  assert.equal(await server.ended, 0);
}

async function understandsTheRefusals(folder) {
  const server = await play(folder, ITEMS, [
    '--key', 'key', '--secret', 'secret', '--connections', '1', '--clients', '9',
  ]);
  const url = `${server.url}/v1beta1/news`;
  const stranger = stream(NewsStream, url, 'stranger');
  stranger.connect();
  assert.deepEqual(await stranger.whenAuthenticated(), {
    status: 'server_rejected', authenticated: false, code: 402, message: 'auth failed',
  });

  const first = stream(NewsStream, url);
  first.connect();
  assert.equal(await first.waitForAuthentication(), true);
  const second = stream(NewsStream, url);
  const refusal = new Promise((resolve) => second.onError(resolve));
  second.connect();
  assert.equal(await refusal, 'connection limit exceeded');
  second.disconnect();

  const wrongChannel = new Promise((resolve) => first.onError(resolve));
  first.subscribeForQuotes(['SPY']);
  assert.equal(await wrongChannel, 'invalid subscribe action for this feed');
  first.disconnect();
  server.stop();
  await server.ended;
}

await run(async (folder) => {
  await receivesTheWholeTape(folder);
  await understandsTheRefusals(folder);
});
