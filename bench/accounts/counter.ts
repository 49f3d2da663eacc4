/** Counts what happens within each span of so many ms, and says what the most was. */
export function counter(span: number) {
  const counts = new Map<number, number>();
  return {
    count(at: number): void {
      const place = Math.floor(at / span);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    },
    most: () => Math.max(0, ...counts.values()),
  };
}
