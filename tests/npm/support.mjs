// tests/npm/support.mjs - What the tests of this folder share: the installed packages, a tape in a
// folder of its own, and the server as a process.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SKIPPED = 77;
const DEADLINE_MS = 60_000;

/** The packages, from where `npm ci` has put them; ends the test as skipped if it has not. */
export function packages() {
  const source = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const folders = [join(process.env.TARIFF_BUILD_DIR ?? source, 'npm'), join(source, 'build/npm')];
  const folder = folders.find((each) => existsSync(join(each, 'node_modules')));
  if (folder === undefined) {
    console.log(`skipped: no node_modules in ${folders.join(' or ')}`);
    process.exit(SKIPPED);
  }
  const load = createRequire(join(folder, 'package.json'));
  return {
    folder, // of node_modules
    alpaca: load('@alpacahq/alpaca-trade-api'),
    WebSocket: load('ws'),
    Ajv2020: load('ajv/dist/2020.js'),
  };
}

/** Runs `test(folder)` in a folder that is removed afterwards, and exits with its verdict. */
export async function run(test) {
  const folder = mkdtempSync(join(tmpdir(), 'tariffd-npm-'));
  const deadline = setTimeout(() => {
    console.error(`failed: not done within ${DEADLINE_MS} ms`);
    process.exit(1);
  }, DEADLINE_MS);
  try {
    await test(folder);
    console.log('passed');
  } catch (error) {
    console.error('failed:', error);
    process.exitCode = 1;
  } finally {
    clearTimeout(deadline);
    rmSync(folder, { recursive: true });
  }
  process.exit();
}

/** Writes `items` as a tape and starts the server; `url` is the first part of its addresses. */
export async function play(folder, items, options) {
  const tape = join(folder, 'tape.ndjson');
  writeFileSync(tape, items.map((item) => JSON.stringify(item)).join('\n') + '\n');
  const server = spawn(process.argv[2], [tape, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  process.once('exit', () => server.kill());
  const { value: url } = await createInterface({ input: server.stdout })
    [Symbol.asyncIterator]()
    .next();
  return { url, ended, stop: () => server.kill() };
}
