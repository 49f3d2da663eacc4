import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { dayLength, midnightOf, utcDay } from 'duo-core';
import { allLogs } from '../../logs/find-log';
import { readCount } from '../../operator/arguments';
import { command } from '../../operator/command';
import { type DaySpan, daySpan, edgeReader } from '../../operator/day-span';
import { maskPhones } from '../../operator/mask-phones';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { requireOneAccount } from '../../state/one-account';
import { accountOption, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { closeOff } from './database';
import { duckDbFolder, openDuckDb } from './duckdb';
import { explained } from './explained';
import { lakeClasses } from './lake';
import { parseQuery } from './named-tables';
import { printAll, printTable } from './print-rows';
import { readTables } from './read-tables';
import { meant, namesOf, type StoreTable, storeTables } from './tables';

/** `query`: SQL over what is stored. Reads, and asks Duo nothing. */
export function addQuery(program: Command, world: World): void {
  program
    .command('query')
    .description('Runs SQL over the records of a store, and over its lake, by DuckDB.')
    .argument('<sql>', 'one statement that reads, in quotes')
    .option('--from <day>', 'the first day: 2026-11-01, 30d (6d: seven days)', edgeReader(world.clock))
    .option('--to <day>', 'the last day (today)', edgeReader(world.clock))
    .option('--most <mb>', 'how many MB of objects may be read', readCount, 500)
    .option('--csv', 'print rows as CSV')
    .option('--json', 'print rows as JSON, one per line')
    .option('--raw', 'with phone numbers as they are')
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .addHelpText('after', help)
    .action(async (sql, { from, to, most, csv, json, raw = false, ...options }) => {
      if (csv && json) throw new UsageError('Give --csv or --json, not both.');
      const today = utcDay(world.clock.now());
      const oldest = { at: midnightOf(today) - defaultDays * dayLength, isDay: true };
      const days = daySpan(from ?? oldest, to, today);
      const target = await openTarget(options, world);
      const logs = await allLogs();
      const { connection, close } = await openDuckDb(duckDbFolder(world.env), world.env, (line) =>
        world.complain(`${line}\n`),
      );
      // DuckDB knows it by its own name, which messages are to have no part in.
      const folder = realpathSync(mkdtempSync(join(world.env.TMPDIR || tmpdir(), 'duo-query-')));
      const stop = new AbortController();
      world.onInterrupt?.(() => {
        stop.abort(new Error('Interrupted.'));
        connection.interrupt();
      });
      const show = (line: string) => (raw ? line : maskPhones(line));
      let tables: readonly StoreTable[] = [];
      let empty: readonly StoreTable[] = [];
      try {
        const query = await parseQuery(connection, sql);
        tables = storeTables(logs, await lakeClasses(target.store));
        const wanted = meant(query.named, tables);
        if (target.account !== undefined) await requireAccount(target, wanted);
        const source = { target, days, most: most * 1_000_000, folder, signal: stop.signal };
        const read = await readTables(connection, tables, wanted, source, world);
        empty = read.empty;
        await closeOff(connection, folder);
        if (csv || json)
          await printAll(connection, query.sql, join(folder, 'rows'), csv ? 'csv' : 'json', show, world);
        else await printTable(connection, query.sql, show, world);
        if (read.damaged > 0)
          throw new Error(`The records of ${plural(read.damaged, 'object')} are not among these: see above.`);
      } catch (error) {
        // What it has broken off says so in words of its own.
        stop.signal.throwIfAborted();
        const said = explained(error);
        said.message = show(said.message.replaceAll(`${folder}/`, `${target.store.url}/`));
        said.message += adviceOn(said.message, tables, empty, days);
        throw said;
      } finally {
        close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** The days before today that are read, where nothing is said. */
const defaultDays = 6;

async function requireAccount(target: Target, wanted: readonly StoreTable[]): Promise<void> {
  const ofLake = wanted.find(({ schema }) => schema === 'lake');
  if (ofLake !== undefined)
    throw new UsageError(
      `lake.${ofLake.name} has the events of all accounts: leave out --account, and choose by a column.`,
    );
  await requireOneAccount(
    target,
    wanted.flatMap((one) => (one.schema === 'logs' ? [one.logType] : [])),
  );
}

/** What helps with an error of a query, if it is known: which tables there are, or that there is nothing to have columns. */
function adviceOn(
  said: string,
  tables: readonly StoreTable[],
  empty: readonly StoreTable[],
  { first, last }: DaySpan,
): string {
  if (/^The query fails: Table with name /.test(said)) return ` There are ${namesOf(tables, tables)}.`;
  if (!/^The query fails: .*column/i.test(said) || empty.length === 0) return '';
  return ` There is nothing of ${namesOf(empty, tables)} from ${first} to ${last}, so its columns are not known.`;
}

const help = `
Tables: one for each log, called as the log with _ for - (trust_monitor), with
the fields of its records as columns, and raw (the record as Duo sent it), day
(its UTC day) and, where there are several, account. One for each class that
the lake has. Where a log and a class share a name, it is the log: write
lake.authentication for the class. "show tables" lists them all.

Only the tables that the query names are read, and of these the records of the
days from --from to --to, into a temporary folder that is removed at the end.
The query can read no other file.
Phone numbers are hidden, unless you say --raw. Rows on a screen are cut to fit.
DuckDB (70 MB) is installed when this is called for the first time.

  ${command} query "select count(*) from telephony" --stage prod
  ${command} query "from telephony limit 3" --store ./logs --json
  ${command} query --stage prod --from 2026-11-01 --csv \\
    "select result, count(*) from authentication group by all"

It needs s3:ListBucket, and s3:GetObject on logs/ and lake/.`;
