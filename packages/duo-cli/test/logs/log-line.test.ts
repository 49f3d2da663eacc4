import { describe, expect, test } from '@jest/globals';
import { readLogLine } from '../../src/stage/watch/log-line';

/** A line of Lambda's own: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
const platform = (type: string, record: object) =>
  JSON.stringify({ time: '2026-03-01T11:00:00.000Z', type: `platform.${type}`, record });

describe("Lambda's own lines", () => {
  test.each([
    platform('start', { requestId: 'r', version: '$LATEST' }),
    platform('initStart', { initializationType: 'on-demand', phase: 'init' }),
    platform('report', { requestId: 'r', status: 'success', metrics: { durationMs: 900 } }),
    // The error that was thrown stands in a line of its own.
    platform('report', { requestId: 'r', status: 'error', errorType: 'e', metrics: { durationMs: 900 } }),
    'REPORT RequestId: r\tDuration: 99 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\tStatus: error\tError Type: Error',
    // The report of the same run says it as well.
    platform('runtimeDone', { requestId: 'r', status: 'timeout' }),
    'START RequestId: r Version: $LATEST',
    'END RequestId: r',
    '    at handler (/var/task/src/handler.js:1:2)',
    'REPORT RequestId: r\tDuration: 900.1 ms\tBilled Duration: 901 ms\tMemory Size: 512 MB\tMax Memory Used: 150 MB',
    '',
  ])('of a run that went well, or of which another line says what went wrong, are left out: %s', (text) => {
    expect(readLogLine(text)).toBeNull();
  });

  const memory = { memorySizeMB: 512, maxMemoryUsedMB: 512 };
  test.each([
    [
      platform('report', { status: 'timeout', metrics: { durationMs: 240_000, memorySizeMB: 512 } }),
      'Lambda stopped the run after 240 s: it took too long (timeout)',
    ],
    [
      platform('report', { status: 'error', errorType: 'Runtime.OutOfMemory', metrics: memory }),
      'The run failed: out of memory, 512 of 512 MB were used',
    ],
    [platform('report', { status: 'failure', metrics: {} }), 'The run failed'],
    [
      platform('initReport', { status: 'error', errorType: 'Runtime.ImportModuleError', metrics: {} }),
      'The run failed: Runtime.ImportModuleError',
    ],
    [
      'REPORT RequestId: r\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\tStatus: timeout',
      'Lambda stopped the run after 3 s: it took too long (timeout)',
    ],
    [
      'REPORT RequestId: r\tDuration: 99 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tStatus: error\tError Type: Runtime.ExitError',
      'The run failed after 0 s: out of memory, 128 of 128 MB were used',
    ],
    ['2026-03-01T11:00:00Z r Task timed out after 240.00 seconds', 'Task timed out after 240.00 seconds'],
    ['Error: Runtime exited with error: signal: killed', 'Runtime exited with error: signal: killed'],
  ])('of a run that was stopped are errors: %s', (text, says) => {
    expect(readLogLine(text)).toEqual({ level: 'ERROR', says: expect.stringContaining(says) });
  });

  test('of lines that were dropped are a warning', () => {
    const text = platform('logsDropped', { droppedRecords: 3, reason: 'too many' });
    expect(readLogLine(text)).toEqual({ level: 'WARN', says: expect.stringContaining('too many') });
  });
});

describe("the collector's lines", () => {
  test.each([
    ['CRITICAL', 'ERROR'],
    ['FATAL', 'ERROR'],
    ['WARN', 'WARN'],
    ['TRACE', 'DEBUG'],
    ['INFO', 'INFO'],
    ['NOTICE', 'INFO'],
  ])('of the level %s are %s', (level, is) => {
    expect(readLogLine(JSON.stringify({ level, message: 'm' }))).toEqual({ level: is, says: 'm' });
  });

  test('of a day that was compared say its counts, but for those that are 0', () => {
    const counts = { shown: 120, stored: 120, repaired: 2, changed: 0, doubled: 0 };
    const text = JSON.stringify({ level: 'INFO', message: 'reconciled', day: '2026-02-28', ...counts });
    expect(readLogLine(text)?.says).toBe('reconciled: 2026-02-28, 120 shown, 120 stored, 2 repaired');
  });

  test.each([
    [{ message: { errorType: 'RefusedError', errorMessage: '403' } }, 'RefusedError: 403'],
    [{ errorType: 'RefusedError', errorMessage: '403' }, 'RefusedError: 403'],
    [{ message: { odd: true } }, '{"level":"ERROR","message":{"odd":true}}'],
    [{ message: 'a\nb' }, 'a\nb'],
  ])('say the error, however it is written down: %j', (fields, says) => {
    expect(readLogLine(JSON.stringify({ level: 'ERROR', ...fields }))?.says).toBe(says);
  });

  test('of metrics are left out; what is not an object is a text', () => {
    expect(readLogLine('{"_aws":{"CloudWatchMetrics":[]},"level":"ERROR"}')).toBeNull();
    expect(readLogLine('12')).toEqual({ level: 'INFO', says: '12' });
    expect(readLogLine('[1]')).toEqual({ level: 'INFO', says: '[1]' });
  });
});
