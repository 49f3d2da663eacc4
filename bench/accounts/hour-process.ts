import { type HourOptions, simulateHour } from './hour';

/* `hour-process.ts <options as JSON>`: simulates an hour in a process of its own, and says what it was like. */

const options: HourOptions = JSON.parse(process.argv[2] ?? '');

void simulateHour(options).then((hour) => process.send?.(hour, () => process.disconnect()));
