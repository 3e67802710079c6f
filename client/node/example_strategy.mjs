// @ts-check
// A strategy in outline: example_strategy.mjs SOCKET [FROM_SEQ]. It prints what a real one would do.
// docs/howto/write-a-strategy.md tells why.
import { DEFAULT_PATH, subscribe } from './tariffd.mjs';

const [path = DEFAULT_PATH, fromSeq] = process.argv.slice(2);
let session = 0;

for await (const message of subscribe({
  path, fromSeq: fromSeq === undefined ? undefined : Number(fromSeq),
  messages: ['signal', 'retract', 'status'], minAbsScore: 0.3,
})) {
  switch (message.type) {
    case 'signal':
      console.log(message.seq, message.replaces ? 'move' : message.direction > 0 ? 'buy' : 'sell',
        message.instrument, String(message.score));
      break;
    case 'retract':
      console.log(message.seq, 'undo', message.supersedes_seq);
      break;
    case 'status':
      console.log(message.seq, message.kind);
      break;
    case 'gap':
      console.log(`reconcile ${message.from_seq}..${message.to_seq}`);
      break;
    case 'stale':
      console.log('stale: stop quoting');
      break;
    case 'heartbeat':
      if (session !== 0 && session !== message.session) console.log('daemon restarted: reconcile');
      session = message.session;
  }
}
