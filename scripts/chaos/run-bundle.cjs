// `node run-bundle.cjs <bundle> <function> <event>`: invokes a bundled handler once, as Lambda would, in a process that may be killed.
const { subscribe } = require('node:diagnostics_channel');

const [, , bundle, name, event] = process.argv;
const { [name]: handler } = require(bundle);

const tell = () => process.connected && process.send('begun', () => process.disconnect());
// Whoever kills it counts from its first request to Duo: before that, there is nothing to lose. What is reconciled or
// turned is asked of the store, or the store alone.
if (name !== 'collect') tell();
else subscribe('http.client.request.start', ({ request }) => request.path.startsWith('/admin/') && tell());

handler(JSON.parse(event), { getRemainingTimeInMillis: () => 280_000 })
  .then(
    (result) => console.log(JSON.stringify(result)),
    (error) => {
      console.error(`${error.name}: ${error.message}`);
      process.exitCode = 1;
    },
  )
  .finally(() => {
    if (process.connected) process.disconnect();
  });
