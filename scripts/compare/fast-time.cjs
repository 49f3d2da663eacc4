// Loaded into a process by --require: time passes COMPARE_SPEED times as fast, from COMPARE_START at COMPARE_BEGUN on (s). Waits
// take COMPARE_WAITS of their time, which may be more than that: an answer within a thousandth of a time-out is asked of no machine.
const now = Date.now;
const { COMPARE_SPEED, COMPARE_START, COMPARE_BEGUN, COMPARE_WAITS } = process.env;
Date.now = () => Math.floor(COMPARE_START * 1000 + (now() - COMPARE_BEGUN * 1000) * COMPARE_SPEED);

const wait = globalThis.setTimeout;
globalThis.setTimeout = Object.assign((fn, ms, ...rest) => wait(fn, ms * COMPARE_WAITS, ...rest), wait);
