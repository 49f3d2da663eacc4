import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findLog, sampleProblems } from 'duo-simulator';
import * as z from 'zod/mini';
import { answerProblems } from '../answer-check';
import { packageService, type ServicePackage } from '../package-service';
import { checkLogType } from '../templates/check';
import { parseTemplate } from '../templates/template';
import { realValues } from './real-values';
import type { Subject } from './subject';

/** The tests that a service's folder is one like the others: its names, events, samples, package and handler. */
export function folderTests({ logType, folder, read, samples, again }: Subject): void {
  const { name } = logType;
  describe('the folder', () => {
    test('is named after the log type, and its package and service as well', () => {
      expect(basename(folder)).toBe(name);
      expect(JSON.parse(read('package.json')).name).toBe(`duo-${name}`);
      expect(read('serverless.yml')).toMatch(new RegExp(`^service: duo-${name}$`, 'm'));
      expect(read('serverless.yml')).toMatch(new RegExp(`^  logType: ${name}$`, 'm'));
    });

    test('has the event of a scheduled run for `sls invoke local -p`', () => {
      expect(JSON.parse(read('events/scheduled.json'))).toEqual({});
    });

    test('is found by the simulator and the demo', async () => {
      expect((await findLog(name, join(folder, '..'))).logType).toBe(logType);
    });

    test('brings samples that have what the descriptor says, fit the schema and are invented', () => {
      expect(samples.length).toBeGreaterThan(1);
      expect(sampleProblems(samples, logType)).toEqual([]);
      for (const sample of samples) {
        expect(logType.schema.safeParse(JSON.parse(sample))).toMatchObject({ success: true });
        expect(realValues(sample)).toEqual([]);
      }
    });

    test('brings an answer of Duo that has what the descriptor says, and is invented', () => {
      const answer = read('samples/response.json');
      expect(answerProblems(JSON.parse(answer), logType)).toEqual([]);
      expect(realValues(answer)).toEqual([]);
    });

    test('collects that answer whole', async () => {
      const answer = read('samples/response.json');
      const { log, run, simulator, delivered } = await again({}, logType);
      expect(log.published()).toEqual([]);
      simulator.fail({ status: 200, body: answer });
      // As far back as Duo keeps records.
      expect(await run({ LOOKBACK_HOURS: '4296' })).toMatchObject({ outcome: 'caught-up', leftOut: 0 });
      const { response } = z.object({ response: z.unknown() }).parse(JSON.parse(answer));
      const { records: property } = logType;
      const shown =
        property === undefined ? response : z.record(z.string(), z.unknown()).parse(response)[property];
      expect(delivered().map((text) => JSON.parse(text))).toEqual(shown);
    });

    // Packaged once for both tests; it takes seconds.
    let packaged: ServicePackage | undefined;
    const packageOnce = () => {
      packaged ??= packageService(folder);
      return packaged;
    };

    test('is packaged without AWS credentials: one small file, and a template that names no other log', () => {
      const { files, template } = packageOnce();
      expect(Object.entries(files).map(([file, { length }]) => [file, length <= 600_000])).toEqual([
        ['src/handler.js', true],
      ]);
      expect(template).not.toMatch(/\$\{(self|file|env|sls|opt)/);
      const places = template.match(/\/(logs|receipts|state)\/[\w-]+/g) ?? [];
      expect(new Set(places)).toEqual(new Set([`/logs/${name}`, `/receipts/${name}`, `/state/${name}`]));
    }, 60_000);

    test('is watched, keeps what fails, and may do what it needs and nothing else', () => {
      expect(checkLogType(parseTemplate(packageOnce().template), { name, stage: 'dev' })).toEqual([]);
    }, 60_000);

    test('exports the handlers of both functions', async () => {
      const module: object = await import(join(folder, 'src', 'handler.ts'));
      expect(Object.entries(module).map(([key, value]) => [key, typeof value])).toEqual([
        ['collect', 'function'],
        ['reconcile', 'function'],
      ]);
    });
  });
}
