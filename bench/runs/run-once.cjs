// `node run-once.cjs <bundle> [run]`: loads a bundle in a fresh process, invokes its `collect` once, says what it took.
const begin = performance.now();
const { collect } = require(process.argv[2]);
const load = performance.now() - begin;

const tell = (outcome) =>
  process.send({ load, ...outcome, peak: process.resourceUsage().maxRSS }, () => process.disconnect());

if (process.argv[3] !== 'run') tell({});
else {
  const [cpuBefore, before] = [process.cpuUsage(), performance.now()];
  collect({}, { getRemainingTimeInMillis: () => 3_600_000 }).then(
    ({ records, pages }) => {
      const { user, system } = process.cpuUsage(cpuBefore);
      tell({ records, pages, wall: performance.now() - before, cpu: (user + system) / 1000 });
    },
    (error) => {
      console.error(`${error.name}: ${error.message}`);
      process.exit(1);
    },
  );
}
