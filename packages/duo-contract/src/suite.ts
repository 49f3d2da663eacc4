import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defineLogType, type LogType } from 'duo-core';
import {
  type Fault,
  findLogs,
  generate,
  noon,
  type PageForm,
  readTime,
  sampleProblems,
  withOddTime,
} from 'duo-simulator';
import * as z from 'zod/mini';
import { answerProblems } from './answer-check';
import { type ContractWorld, createContractWorld } from './contract-world';
import { packageService, type ServicePackage } from './package-service';
import { checkLogType } from './templates/check';
import { parseTemplate } from './templates/template';

const minute = 60_000;
const hour = 60 * minute;
const pages = 4;

/**
 * The tests that every log type passes: whatever its paging style, each record arrives once, whatever goes wrong on the
 * way; and its folder (an absolute path) is a service like the others. For Jest; call it once, at the top of a test file.
 */
export function contractSuite(logType: LogType, folder: string): void {
  const { name, path } = logType;
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const samples = read('samples/records.ndjson').split('\n').slice(0, -1);
  // Short pages, so that few records make many.
  const short = defineLogType({ ...logType, paging: { ...logType.paging, limit: 10 } });
  const records = (count: number, more: { from?: number; burst?: number; startIndex?: number } = {}) =>
    generate({ logType, samples, count, from: noon - 20 * hour, to: noon - 10 * minute, seed: 7, ...more });

  describe(name, () => {
    let world: ContractWorld;
    const open = async (form?: PageForm, of = short) => {
      world = await createContractWorld(of, form);
      return world;
    };
    beforeEach(async () => void (await open()));
    afterEach(() => world.close());
    const again = async (form?: PageForm, of = short) => {
      await world.close();
      return open(form, of);
    };
    const expectEachOnce = (published: number) =>
      expect(world.reconciled()).toEqual({ published, delivered: published, lost: 0, doubled: 0 });

    describe('collecting', () => {
      test.each(formsOf(logType))(
        'three thousand records arrive, each once, where Duo answers with %j',
        async (form) => {
          const { log, run } = await again(form, logType);
          log.addAll(records(3_000));
          expect(await run()).toMatchObject({ logType: name, outcome: 'caught-up', records: 3_000 });
          expectEachOnce(3_000);
        },
      );

      test('three thousand records in bursts of four hundred with one time arrive, each once', async () => {
        const { log, run } = await again({}, logType);
        log.addAll(records(3_000, { burst: 400 }));
        expect(await run()).toMatchObject({ outcome: 'caught-up', records: 3_000 });
        expectEachOnce(3_000);
      });

      test('records with absurd times arrive where Duo shows them, each once', async () => {
        for (const [n, text] of records(10 * pages + 5).entries()) {
          const filedAt = timeIn(text, logType.time);
          world.log.add(n % 7 === 0 ? withOddTime(text, logType, filedAt, n / 7) : text, { filedAt });
        }
        for (let runs = 0; runs < 3; runs++) {
          expect(await world.run()).toMatchObject({ outcome: 'caught-up', leftOut: 0 });
          world.clock.advance(5 * minute);
        }
        expectEachOnce(10 * pages + 5);
      });

      test('records are stored byte for byte', async () => {
        const [first] = records(1);
        const odd =
          first?.replace('{', '{  "odd": [1.0, 12345678901234567890, "\\u00e9\\/é"], "odd": 1e0, ') ?? '';
        world.log.add(odd);
        await world.run();
        expect(world.delivered()).toEqual([odd]);
      });

      test('runs of one page each go on where the one before has ended', async () => {
        world.log.addAll(records(10 * pages + 5));
        let runs = 1;
        while ((await world.run({ MAX_PAGES: '1' })).outcome === 'more') runs += 1;
        expect(runs).toBeGreaterThanOrEqual(pages);
        expectEachOnce(10 * pages + 5);
      });

      test('a record that Duo publishes late arrives with the next run, and only once', async () => {
        world.log.addAll(records(25));
        await world.run();
        const [late = ''] = records(1, { from: noon - 4 * minute, startIndex: 1_000 }).map(
          (record) => record,
        );
        world.log.add(late, { publishedAt: noon + minute });
        for (const expected of [1, 0]) {
          world.clock.advance(5 * minute);
          expect(await world.run()).toMatchObject({ outcome: 'caught-up', records: expected });
        }
        expectEachOnce(26);
      });
    });

    describe('whatever goes wrong', () => {
      const faults: Fault[] = ['throttle', 'error', 'bad-gateway', 'not-json', 'reset', 'truncate'];
      test.each(faults)('with any one request (%s), nothing is lost or doubled', async (fault) => {
        for (let after = 0; after <= pages; after++) {
          const { log, simulator, runUntilCaughtUp } = await again();
          log.addAll(records(10 * pages + 5));
          simulator.fail(fault, { after });
          await runUntilCaughtUp();
          expect(simulator.requests.filter((request) => request.fault === fault)).toHaveLength(1);
          expectEachOnce(10 * pages + 5);
        }
      });

      const { records: property } = logType;
      const odd: unknown[] = [null, 'none', 7, property === undefined ? { items: [] } : [], {}];
      if (property !== undefined)
        odd.push({ [property]: {}, metadata: {} }, { [property]: [] }, { metadata: {} });
      test.each(odd)('an answer that is not the documented one (%j) moves nothing', async (response) => {
        world.log.addAll(records(25));
        await world.run({ MAX_PAGES: '1' });
        const before = world.files();
        world.simulator.fail({ status: 200, body: { stat: 'OK', response } });
        await expect(world.run()).rejects.toThrow(`${path}: the answer is not the documented one`);
        expect(world.files()).toEqual(before);
        await world.runUntilCaughtUp();
        expectEachOnce(25);
      });

      test.each([
        [400, 40002, 'Invalid request parameters'],
        [401, 40102, 'check DUO_IKEY, DUO_SKEY and DUO_API_HOST'],
        [403, 40301, 'check its allowed networks and that your Duo edition includes this log'],
        [404, 40401, 'Duo does not serve this log'],
        [410, 41001, 'Duo does not serve this log'],
      ])('an answer of %d fails the run, moves nothing and says what to do', async (status, code, advice) => {
        world.log.addAll(records(25));
        world.simulator.fail(
          { status, body: { stat: 'FAIL', code, message: 'Invalid request parameters' } },
          { times: 2 },
        );
        await expect(world.run()).rejects.toThrow(advice);
        expect(world.files()).toEqual({});
      });
    });

    describe('the folder', () => {
      test('is named after the log type, and its package and service as well', () => {
        expect(basename(folder)).toBe(name);
        expect(JSON.parse(read('package.json')).name).toBe(`duo-${name}`);
        expect(read('serverless.yml')).toMatch(new RegExp(`^service: duo-${name}$`, 'm'));
        expect(read('serverless.yml')).toMatch(new RegExp(`^  logType: ${name}$`, 'm'));
      });

      test.each(['events/scheduled.json', 'events/backfill.json'])(
        'has %s for `sls invoke local -p`',
        (file) => {
          expect(existsSync(join(folder, file))).toBe(true);
          expect(() => JSON.parse(read(file))).not.toThrow();
        },
      );

      test('is found by the simulator and the demo', async () => {
        const found = (await findLogs(join(folder, '..'))).find((one) => one.logType.name === name);
        expect(found?.logType).toBe(logType);
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
        expect(template.match(/\/(logs|state)\/[\w-]+/g)).toEqual(
          expect.arrayContaining([`/logs/${name}`, `/state/${name}`]),
        );
        for (const place of template.match(/\/(logs|state)\/[\w-]+/g) ?? [])
          expect(place.split('/')[2]).toBe(name);
      }, 60_000);

      test('is watched, keeps what fails, and may do what it needs and nothing else', () => {
        expect(checkLogType(parseTemplate(packageOnce().template), name, 'dev')).toEqual([]);
      }, 60_000);

      test('exports a handler', async () => {
        const module: object = await import(join(folder, 'src', 'handler.ts'));
        expect(Object.entries(module).map(([key, value]) => [key, typeof value])).toEqual([
          ['handler', 'function'],
        ]);
      });
    });
  });
}

function timeIn(record: string, { field, unit }: LogType['time']): number {
  return readTime(z.record(z.string(), z.unknown()).parse(JSON.parse(record))[field], unit);
}

/** Where phone numbers and mail addresses stand that are not invented; they are not repeated. */
function realValues(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, n) => [
      ...(line.match(/\+\d{7,}/g) ?? [])
        .filter((phone) => !/^\+155555501\d\d$/.test(phone))
        .map(() => `line ${n + 1}: a phone number that is not +155555501xx`),
      ...(line.match(/[\w.+-]+@[\w.-]+/g) ?? [])
        .filter((mail) => !/@example\.(com|org|net)$/.test(mail))
        .map(() => `line ${n + 1}: a mail address that is not at example.com`),
    ]);
}

/** What Duo leaves open about the pages of this log's style. */
function formsOf({ paging }: LogType): PageForm[] {
  if (paging.style === 'cursor') return [{ ending: 'cursor' }, { ending: 'null' }, { ending: 'absent' }];
  if (paging.style === 'offset') return [{ order: 'ascending' }, { order: 'descending' }];
  return [{}];
}
