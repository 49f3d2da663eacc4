import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packageService } from 'duo-contract/package-service';
import { dayLength, mostHeld, utcDay } from 'duo-core';
import { type FoundLog, findLogs, generate } from 'duo-simulator';
import type { Figure } from '../figures';
import { runOnce } from '../runs/run-once';

const part = 'lake';
const records = 1_000_000;
const root = join(__dirname, '../..');

/** What the function has: see services/lake. */
const memoryMb = 1024;

/**
 * What the lake takes to turn a million records of all logs, of the last two days, in one run of its function: its peak must stay below
 * its memory. Beside it, the size of the Parquet and of the gzip that it is made of.
 */
export async function measureLake(): Promise<{ figures: Figure[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'duo-bench-lake-'));
  try {
    const bundle = join(folder, 'lake.js');
    const stage = { stage: 'lake', settings: join(root, 'test/settings') };
    writeFileSync(bundle, packageService(join(root, 'services/lake'), stage).files['src/handler.js'] ?? '');
    const logs = await findLogs();
    const store = join(folder, 'store');
    for (const [n, found] of logs.entries()) putLog(store, found, Math.ceil(records / logs.length), n + 1);
    const names = logs.map(({ logType }) => logType.name).join(',');
    const run = await runOnce(bundle, 'turn', {
      STORE_URL: pathToFileURL(store).href,
      LOG_TYPES: names,
      MAPPED_LOG_TYPES: names,
      LAKE_REGION: 'eu-west-1',
      LAKE_ACCOUNT: '123456789012',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    });
    if (run.outcome !== 'turned' || run.records < records)
      throw new Error(`${run.records} records were turned, ${run.outcome}`);
    const [raw, parquet] = [sizeOf(join(store, 'logs')), sizeOf(join(store, 'lake'))];
    const figures: Figure[] = [
      { part, what: 'peak at 1,000,000 records', value: run.peak / 1024, unit: 'MB', most: memoryMb },
      { part, what: 'CPU a record', value: (run.cpu / run.records) * 1000, unit: 'µs' },
      { part, what: 'Parquet, of the size of the gzipped records', value: parquet / raw, unit: '' },
      { part, what: 'Parquet a record', value: parquet / run.records, unit: 'bytes' },
    ];
    return { figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Objects as large as a backlog makes them, in the folders of the last two days. */
function putLog(store: string, { logType, samples }: FoundLog, count: number, seed: number): void {
  const to = Date.now();
  const from = to - 2 * dayLength;
  let texts: string[] = [];
  let [size, at] = [0, 0];
  const put = () => {
    const day = utcDay(from + (at / count) * (to - from)).replaceAll('-', '/');
    const folder = join(store, 'logs', logType.name, day);
    mkdirSync(folder, { recursive: true });
    const digest = String(at).padStart(32, '0');
    const body = gzipSync(texts.map((text) => `${text}\n`).join(''));
    writeFileSync(join(folder, `${from}-${to}-${String(at).padStart(6, '0')}-${digest}.ndjson.gz`), body);
    [texts, size] = [[], 0];
  };
  for (const text of generate({ logType, samples, count, from, to, seed })) {
    texts.push(text);
    size += text.length;
    at += 1;
    if (size >= mostHeld) put();
  }
  if (texts.length > 0) put();
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
