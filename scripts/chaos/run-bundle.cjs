// `node run-bundle.cjs <bundle>`: invokes the bundled `collect` once, as Lambda would, in a process that may be killed.
const { collect } = require(process.argv[2]);

process.send('ready');
process.disconnect();
collect({}, { getRemainingTimeInMillis: () => 280_000 }).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(`${error.name}: ${error.message}`);
    process.exitCode = 1;
  },
);
