// Loaded into a process by --require: its clock runs CLOCK_SHIFT_MS behind. So the demo can have collected an hour ago.
const now = Date.now;
const shift = Number(process.env.CLOCK_SHIFT_MS);
Date.now = () => now() - shift;
