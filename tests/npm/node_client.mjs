// tests/npm/node_client.mjs - The Node client on the golden messages: each is read to the nanosecond,
// and is of the declared type, key by key, for the TypeScript compiler.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { decode, ProtocolError } from '../../client/node/tariffd.mjs';
import { packages, run } from './support.mjs';

const { folder: npm } = packages();
const STAMP = /"(source_ns|received_ns|updated_ns)":(\d+)/g;
const lines = readdirSync('tests/golden').filter((name) => name.endsWith('.json'))
  .map((name) => [name, readFileSync(join('tests/golden', name), 'utf8').trim()]);

function reads() {
  for (const [name, line] of lines) {
    if (name === 'error.json') {
      assert.throws(() => decode(line), (told) => told instanceof ProtocolError && /refused: ./.test(told.message));
      continue;
    }
    const message = decode(line);
    for (const [, key, digits] of line.matchAll(STAMP)) assert.equal(message[key], BigInt(digits));
    const back = JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
    assert.deepEqual(JSON.parse(back), JSON.parse(line));
  }
  const quoted = '{"type":"event","seq":1,"source_ns":7,"text":"\\"source_ns\\":12"}';
  assert.equal(decode(quoted).text, '"source_ns":12', 'a headline is no key');
  assert.throws(() => decode('{"type":'), ProtocolError);
}

function typecheck(files) {
  const options = ['--noEmit', '--strict', '--allowJs', '--checkJs', '--module', 'nodenext', '--target', 'es2022',
    '--typeRoots', join(npm, 'node_modules/@types'), '--types', 'node'];
  const tsc = join(npm, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, ...options, ...files], { encoding: 'utf8' });
}

await run((temporary) => {
  reads();
  const client = resolve('client/node/tariffd.mjs');
  const typed = lines.filter(([name]) => name !== 'error.json').map(([name, line], i) => {
    const type = name[0].toUpperCase() + name.slice(1, -5);
    return `export const m${i}: types.${type} = ${line.replace(STAMP, '"$1":$2n')};`;
  });
  const source = `import type * as types from '${client}';\n${typed.join('\n')}\n`;
  const good = join(temporary, 'good.mts');
  writeFileSync(good, source);
  const told = typecheck([good, client, 'client/node/example_strategy.mjs']);
  assert.equal(told.status, 0, told.stdout);
  // The compiler does look: a key too many, and one of another type.
  const bad = join(temporary, 'bad.mts');
  for (const [from, to] of [['"seq":42', '"seq":42,"extra":1'], ['"direction":-1', '"direction":0']]) {
    writeFileSync(bad, source.replace(from, to));
    assert.notEqual(typecheck([bad]).status, 0, to);
  }
});
