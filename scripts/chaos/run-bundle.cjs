// `node run-bundle.cjs <bundle> <function>`: invokes a bundled handler once, as Lambda would, in a process that may be killed.
const [, , bundle, name] = process.argv;
const { [name]: handler } = require(bundle);

process.send('ready');
process.disconnect();
handler({}, { getRemainingTimeInMillis: () => 280_000 }).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(`${error.name}: ${error.message}`);
    process.exitCode = 1;
  },
);
