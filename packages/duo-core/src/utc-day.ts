/** How long a day is, in ms. UTC knows no other. */
export const dayLength = 86_400_000;

/** The UTC day that a moment (ms) lies in: `YYYY-MM-DD`. */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** When a day (`YYYY-MM-DD`) begins, in ms. */
export function midnightOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
