// Loaded into a process by --require: its clock runs CLOCK_SHIFT_MS behind, and it waits WAIT_FRACTION of the time. So
// the demo can have collected an hour ago, and chaos need not sit out a minute of throttling.
const now = Date.now;
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
Date.now = () => now() - shift;

const wait = globalThis.setTimeout;
const fraction = Number(process.env.WAIT_FRACTION ?? 1);
if (fraction !== 1)
  globalThis.setTimeout = Object.assign((fn, ms, ...rest) => wait(fn, ms * fraction, ...rest), wait);
