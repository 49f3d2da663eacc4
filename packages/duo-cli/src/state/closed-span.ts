import { momentText } from '../operator/words';

/** A span of time with an end, in ms; `until` is excluded. */
export interface ClosedSpan {
  readonly since: number;
  readonly until: number;
}

/** Whether two spans have a moment in common. */
export function overlap(one: ClosedSpan, other: ClosedSpan): boolean {
  return one.since < other.until && other.since < one.until;
}

/** Whether a span has all moments of another one. */
export function contains(outer: ClosedSpan, inner: ClosedSpan): boolean {
  return outer.since <= inner.since && inner.until <= outer.until;
}

/** What of the spans lies in none of the holes. */
export function subtract(spans: readonly ClosedSpan[], holes: readonly ClosedSpan[]): readonly ClosedSpan[] {
  return holes.reduce<readonly ClosedSpan[]>(
    (left, hole) =>
      left.flatMap((span) =>
        overlap(span, hole)
          ? [
              { since: span.since, until: hole.since },
              { since: hole.until, until: span.until },
            ].filter(({ since, until }) => since < until)
          : [span],
      ),
    spans,
  );
}

/** What of the spans lies in some of the others. */
export function intersect(
  spans: readonly ClosedSpan[],
  others: readonly ClosedSpan[],
): readonly ClosedSpan[] {
  return subtract(spans, subtract(spans, others));
}

/** The span cut at every midnight UTC. */
export function days({ since, until }: ClosedSpan): ClosedSpan[] {
  const day = 86_400_000;
  const cuts = [since];
  for (let midnight = (Math.floor(since / day) + 1) * day; midnight < until; midnight += day)
    cuts.push(midnight);
  return cuts.map((cut, n) => ({ since: cut, until: cuts[n + 1] ?? until }));
}

/** For messages: the span, or the spans. */
export function spanText(...spans: readonly ClosedSpan[]): string {
  const text = ({ since, until }: ClosedSpan) => `${momentText(since)} to ${momentText(until)}`;
  return [...spans]
    .sort((one, other) => one.since - other.since)
    .map(text)
    .join(', ');
}
