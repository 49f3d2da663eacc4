// `node invoke.cjs <bundle>`: invokes a bundled handler once for each line of standard input, as Lambda does with a warm function,
// and says on standard output when it is done.
const { createInterface } = require('node:readline');

const { collect } = require(process.argv[2]);

createInterface({ input: process.stdin }).on('line', async () => {
  // Of the 280 s that a run may take, those that are not waits: see fast-time.cjs.
  await collect({}, { getRemainingTimeInMillis: () => 280_000 }).catch((error) =>
    process.stderr.write(`${error.name}: ${error.message}\n`),
  );
  process.stdout.write('done\n');
});
