// `node run-once.cjs <bundle> [function]`: loads a bundle in a fresh process, invokes a function of it once, says what it took.
const begin = performance.now();
const [, , bundle, name] = process.argv;
const functions = require(bundle);
const load = performance.now() - begin;

const tell = (outcome) =>
  process.send({ load, ...outcome, peak: process.resourceUsage().maxRSS }, () => process.disconnect());

if (name === undefined) tell({});
else {
  const [cpuBefore, before] = [process.cpuUsage(), performance.now()];
  functions[name]({}, { getRemainingTimeInMillis: () => 3_600_000 }).then(
    ({ records = 0, ...rest }) => {
      const { user, system } = process.cpuUsage(cpuBefore);
      tell({ ...rest, records, wall: performance.now() - before, cpu: (user + system) / 1000 });
    },
    (error) => {
      console.error(`${error.name}: ${error.message}`);
      process.exit(1);
    },
  );
}
