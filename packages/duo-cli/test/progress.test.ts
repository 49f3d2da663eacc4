import { describe, expect, test } from '@jest/globals';
import { ThrottledError, UnavailableError } from 'duo-core';
import { fakeClock } from 'duo-simulator';
import { worldOf } from '../src/operator/world';
import { daysInTurn } from '../src/progress/days-in-turn';
import { lookOn } from '../src/progress/look-on';
import { createPace } from '../src/progress/pace';
import { startProgress } from '../src/progress/progress';

const second = 1_000;

/** A terminal, or a pipe where there are no columns, and the seconds that go by before it. */
function before(columns?: number) {
  const clock = fakeClock();
  const seconds = new Set<() => void>();
  let said = '';
  const world = worldOf(
    {
      env: {},
      clock,
      print() {},
      complain(text) {
        said += text;
      },
      readStandardInput: async () => '',
      standardInput: process.stdin,
      ask: undefined,
      screen: false,
      colours: false,
      columns,
      everySecond(call) {
        seconds.add(call);
        return () => seconds.delete(call);
      },
    },
    {},
  );
  return {
    world,
    clock,
    seconds,
    /** What was said since it was asked for the last time. */
    said() {
      const now = said;
      said = '';
      return now;
    },
    /** The line that the terminal shows now. */
    line: () => said.split('\r\u001b[K').at(-1),
    pass(count: number) {
      for (let n = 0; n < count; n++) {
        clock.advance(second);
        for (const call of seconds) call();
      }
    },
  };
}

describe('a terminal', () => {
  test('shows that time goes by before there is a page, and then records, pages, the rate and what is left', () => {
    const { world, line, pass } = before(80);
    const { show, onlooker } = lookOn(
      world,
      daysInTurn(['2026-11-01'], () => 0),
    );
    show();
    expect(line()).toBe('░░░░░░░░░░░░   0 %  2026-11-01: no page from Duo yet');
    pass(7);
    expect(line()).toBe('░░░░░░░░░░░░   0 %  2026-11-01: no page from Duo yet, 7 s');
    pass(3);
    onlooker.page({ records: 1_000, from: 0, to: 100, share: 0.25, before: 0 });
    expect(line()).toBe('███░░░░░░░░░  25 %  2026-11-01: 1,000 records (100/s), 1 page, 30 s left');
    pass(10);
    expect(line()).toBe('███░░░░░░░░░  25 %  2026-11-01: 1,000 records (50/s), 1 page, 60 s left');
  });

  test('does not count as its own what an earlier run has read', () => {
    const { world, line, pass } = before(80);
    const { show, onlooker } = lookOn(
      world,
      daysInTurn(['2026-11-01'], () => 0),
    );
    show();
    pass(10);
    onlooker.page({ records: 1_000, from: 0, to: 100, share: 0.8, before: 0.6 });
    expect(line()).toBe('██████████░░  80 %  2026-11-01: 1,000 records (100/s), 1 page, 10 s left');
  });

  test('tells a wait on the same line and counts it down', () => {
    const { world, line, pass, said } = before(80);
    const { show, onlooker } = lookOn(world, { label: () => '', done: () => 0.5 });
    show();
    onlooker.wait(new ThrottledError('GET https://a/b: 429 Too Many'), {
      wait: 10_000,
      failed: 1,
      most: null,
    });
    expect(line()).toBe('██████░░░░░░  50 %  Duo answered 429: waiting 10 s (attempt 2)');
    pass(3);
    expect(line()).toBe('██████░░░░░░  50 %  Duo answered 429: waiting 7 s (attempt 2)');
    onlooker.wait(new UnavailableError('GET https://a/b: 503'), { wait: 3_400, failed: 2, most: 5 });
    expect(line()).toBe('██████░░░░░░  50 %  Duo: 503: waiting 3 s (3 of 5)');
    expect(said()).not.toContain('\n');
  });

  test('has nothing left of it in the end, and no timer', () => {
    const { world, line, seconds } = before(80);
    const progress = startProgress(world);
    progress.show(0.5, () => 'half of it');
    expect(seconds.size).toBe(1);
    progress.end();
    expect(line()).toBe('');
    expect(seconds.size).toBe(0);
  });

  test('keeps what is said above the line, in lines that fit, and the line is cut where the terminal ends', () => {
    const { world, said } = before(40);
    const progress = startProgress(world);
    progress.show(0, () => 'a text that is longer than the terminal is wide');
    said();
    progress.say('Something to be said that is longer than the terminal is wide.');
    expect(said()).toBe(
      '\r\u001b[KSomething to be said that is longer than\nthe terminal is wide.\n░░░░░░░░░░░░   0 %  a text that is …',
    );
  });
});

test('a pipe has a line for each percent and each wait, as long as it is', () => {
  const { world, said, pass } = before();
  const { show, onlooker } = lookOn(
    world,
    daysInTurn(['2026-11-01', '2026-11-02'], () => 0),
  );
  show();
  pass(5);
  onlooker.page({ records: 10, from: 0, to: 100, share: 0.04, before: 0 });
  onlooker.page({ records: 10, from: 0, to: 100, share: 0.05, before: 0.04 });
  onlooker.wait(new ThrottledError('GET https://a/b: 429'), { wait: 62_000, failed: 2, most: null });
  expect(said()).toBe(
    [
      '  0 %  2026-11-01 (1 of 2): no page from Duo yet',
      '  2 %  2026-11-01 (1 of 2): 10 records (2/s), 1 page, 4 min left',
      'Duo answered 429: waiting 62 s (attempt 3)',
      '',
    ].join('\n'),
  );
});

describe('a pace', () => {
  test('of less than a record a second is told in pages a minute, with the waits', () => {
    const clock = fakeClock();
    const pace = createPace(clock);
    pace.add(20, 1);
    clock.advance(62 * second);
    pace.add(20, 1);
    expect(pace.text(0.5)).toBe('40 records, 2 pages (1.9/min), 62 s left');
  });

  test('counts only what was done since it is measured', () => {
    const clock = fakeClock();
    const pace = createPace(clock, 0.8);
    clock.advance(10 * second);
    pace.add(100);
    expect(pace.text(0.9)).toBe('100 records (10/s), 10 s left');
  });

  test('says nothing of a rate in the first second, and of what is left where all is done', () => {
    const clock = fakeClock();
    const pace = createPace(clock);
    pace.add(5_000, 5);
    expect(pace.text(0.5)).toBe('5,000 records, 5 pages');
    clock.advance(20 * second);
    expect(pace.text(1)).toBe('5,000 records (250/s), 5 pages');
  });
});

describe('days in turn', () => {
  test('a day that has shown its last page is not done before it has ended', () => {
    let ended = 0;
    const { done, label } = daysInTurn(['2026-11-01', '2026-11-02'], () => ended);
    const page = { records: 1, from: 0, to: 1, before: 0 };
    expect(done({ ...page, share: 0.5 })).toBe(0.25);
    expect(done({ ...page, share: null })).toBe(0.25);
    expect(done({ ...page, share: 1 })).toBeLessThan(0.5);
    ended = 1;
    expect([done(), label()]).toEqual([0.5, '2026-11-02 (2 of 2): ']);
    ended = 2;
    expect(done()).toBe(1);
  });
});
