import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { leftOutMetrics } from 'duo-core';
import { findLogs, inventedAccounts } from 'duo-simulator';
import {
  emptyWidgets,
  readWidgets,
  seriesOf,
  undrawnMetrics,
  type Widget,
  widgetsOf,
} from '../scripts/pictures/dashboard/body';
import { type Metric, metricsIn } from '../scripts/pictures/dashboard/metric';
import { find, readExpression, valuesOf } from '../scripts/pictures/dashboard/search';
import { createStory, span } from '../scripts/pictures/dashboard/story';

/*
 * The dashboard of each kind of stage finds what the functions publish: real handlers run, and what they log is looked for as the
 * dashboard looks for it. The tests of the templates hold the functions to their names.
 */

const minute = 60_000;
const day = 24 * 60 * minute;

/** What is published in a stage in which everything goes wrong that has a metric. */
async function published(stage: string, accounts: number, lake: boolean): Promise<Metric[]> {
  const logs = (await findLogs()).slice(0, 2);
  const story = await createStory({ logs, stage, accounts: inventedAccounts(accounts), lake });
  try {
    await story.tell(60 * minute);
    // Longer than Duo keeps anything.
    await story.pause(200 * day);
    return story.metrics();
  } finally {
    await story.close();
  }
}

/** The widgets, with a text of their searches replaced wherever it stands. */
function changed(widgets: readonly Widget[], from: string, to: string): readonly Widget[] {
  const text = JSON.stringify({ widgets });
  const [found, put] = [from, to].map((one) => JSON.stringify(one).slice(1, -1));
  expect(text).toContain(found);
  return readWidgets(text.replaceAll(found ?? '', put ?? ''));
}

const { log } = console;
afterAll(() => expect(console.log).toBe(log));

describe.each([
  ['prod', 0, true],
  ['prod', 2, false],
])(
  'the dashboard of the stage %s, which has %i accounts with names, with a lake: %s,',
  (stage, accounts, lake) => {
    let widgets: readonly Widget[];
    let metrics: Metric[];
    beforeAll(async () => {
      widgets = await widgetsOf(stage, accounts > 0, lake);
      metrics = await published(stage, accounts, lake);
    });

    test('finds something with each of its searches', () => {
      expect(widgets.length).toBeGreaterThan(15);
      expect(emptyWidgets(widgets, metrics)).toEqual([]);
    });

    test('draws all that the functions publish', () => {
      const names = new Set(metrics.map(({ name }) => name));
      const expected = [...leftOutMetrics, 'BehindSeconds'].filter(
        (name) => lake || !name.startsWith('Lake'),
      );
      expect(expected.filter((name) => !names.has(name))).toEqual([]);
      const ofLambda = 'Invocations';
      expect(undrawnMetrics(widgets, metrics).filter((name) => name !== ofLambda)).toEqual([]);
    });

    test('has a line for each log', () => {
      const behind = widgets.find(
        ({ type, properties }) => type === 'metric' && properties.title === 'Behind (s)',
      );
      expect(behind && seriesOf(behind, metrics, span.since, span.until).map(({ label }) => label)).toEqual(
        [...new Set(metrics.flatMap(({ dimensions }) => dimensions.service ?? []))].filter(
          (name) => name !== `duo-accounts-${stage}` && name !== `duo-lake-${stage}`,
        ),
      );
    });

    test.each([
      ['{DuoLogs,', '{DuoLog,', /Records/],
      [',service}', ',Service}', /Behind/],
      [',service}', ',service,function}', /Behind/],
      ['"Objects"', '"objects"', /^Objects$/],
      ['"Repaired"', '"Repair"', /^Repaired/],
      ['service=duo', 'service=duos', /Behind/],
      ['service=prod', 'service=dev', /Behind/],
      ['{AWS/Lambda,', '{AWS/lambda,', /Failed runs/],
      ['{AWS/Lambda,FunctionName}', '{AWS/Lambda,Function}', /Failed runs/],
      ['{AWS/Lambda,FunctionName}', '{AWS/Lambda,FunctionName,Resource}', /Duration/],
      ['"Errors"', '"Error"', /Failed reconciliations/],
      ['FunctionName=reconcile', 'FunctionName=reconciles', /Duration of reconciliations/],
      ...(accounts === 0
        ? []
        : ([
            ['"log_type",', '"logType",', /worst account/],
            ['"AccountsFailing"', '"AccountFailing"', /are failing/],
            ['FunctionName=start', 'FunctionName=starts', /rounds/],
            ['service=accounts', 'service=account', /more than an hour/],
          ] as const)),
      ...(lake
        ? ([
            ['"LakeRecords"', '"LakeRecord"', /In the lake: records/],
            ['FunctionName=turn', 'FunctionName=turns', /Duration of the lake/],
          ] as const)
        : []),
    ])('that asked for %s as %s would show nothing, and that is found', (from, to, title) => {
      const empty = emptyWidgets(changed(widgets, from, to), metrics);
      expect(empty).toEqual(expect.arrayContaining([expect.stringMatching(title)]));
    });

    test('shows nothing of functions that publish something else, and that is found', () => {
      const renamed = metrics.map((metric) => ({ ...metric, name: metric.name.replace('Behind', 'Late') }));
      expect(emptyWidgets(widgets, renamed)).toContain('Behind (s)');
      expect(undrawnMetrics(widgets, renamed)).toContain('LateSeconds');
    });
  },
);

describe('an expression', () => {
  const metric = (service: string, values: readonly [at: number, value: number][] = []): Metric => ({
    namespace: 'DuoLogs',
    name: 'Records',
    dimensions: { service },
    values: values.map(([at, value]) => ({ at, value })),
  });
  const text = `SEARCH('{DuoLogs,service} MetricName="Records" service=duo service=prod', 'Sum', 300)`;

  test('finds words, not parts of words, and the stages that share one', () => {
    const found = find(
      readExpression(text),
      ['duo-a-prod', 'duo-a-production', 'duo-a-prod-eu', 'DUO-b-PROD'].map((one) => metric(one)),
    );
    expect(found.map(({ dimensions }) => dimensions.service)).toEqual([
      'duo-a-prod',
      'duo-a-prod-eu',
      'DUO-b-PROD',
    ]);
  });

  test('has a value for each period that has some, and with FILL for the others', () => {
    const values = metric('duo-a-prod', [
      [0, 1],
      [299_999, 2],
      [600_000, 5],
    ]);
    expect(valuesOf(readExpression(text), values, 0, 900_000)).toEqual([
      { at: 0, value: 3 },
      { at: 600_000, value: 5 },
    ]);
    expect(
      valuesOf(readExpression(`FILL(${text}, 0)`), values, 0, 900_000).map(({ value }) => value),
    ).toEqual([3, 0, 5]);
    const most = readExpression(text.replace('Sum', 'Maximum'));
    expect(valuesOf(most, values, 0, 300_000)).toEqual([{ at: 0, value: 2 }]);
  });

  test.each([
    ['SUM(METRICS())'],
    [text.replace('service=duo', 'NOT service=duo')],
    [text.replace('Sum', 'p99')],
    [`${text} * 2`],
  ])('of another form is refused: %s', (other) => {
    expect(() => readExpression(other)).toThrow('of a form that the pictures cannot evaluate');
  });
});

test('lines that are not in the embedded metric format are no metrics', () => {
  expect(metricsIn(['no JSON', '{}', '{"_aws":{}}'].map((line) => ({ at: 0, text: line })))).toEqual([]);
});
