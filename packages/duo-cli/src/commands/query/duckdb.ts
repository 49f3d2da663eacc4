import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { built } from '../../built';
import { command } from '../../operator/command';
import lock from './duckdb.lock.json';

/** What is used of `@duckdb/node-api`, which is none of the dependencies: docs/decisions/0026 says why. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<Instance>;
  };
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

/** A database in memory, and the one connection to it. */
export interface Database {
  readonly connection: Connection;
  close(): void;
}

/** A connection to a database. */
export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string, values: Readonly<Record<string, string>>): Promise<Rows>;
  /** Reads at least so many rows, if there are so many. */
  streamAndReadUntil(sql: string, count: number): Promise<Rows>;
  /** Ends what is running with an error. */
  interrupt(): void;
  closeSync(): void;
}

/** Rows that were read; a value of them as a text is the one that DuckDB itself prints. */
export interface Rows {
  readonly done: boolean;
  deduplicatedColumnNames(): string[];
  getRows(): unknown[][];
}

const { version } = lock.packages['node_modules/@duckdb/node-api'];

/** Where DuckDB is installed: below `.local/` of the checkout; for the installed command, in the user's cache. */
export function duckDbFolder({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  const caches =
    built === undefined
      ? join(__dirname, '../../../../../.local')
      : join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'duo-logs');
  return join(caches, `duckdb-${version}`);
}

/**
 * An empty database in memory, by the DuckDB in this folder. It is installed there first, where it is not yet: the version and the
 * hashes of its packages are those of `duckdb.lock.json`, npm's own lock file. Throws an error that says how to get it where it cannot be had.
 */
export async function openDuckDb(
  folder: string,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<Database> {
  if (!existsSync(folder)) await install(folder, env, tell);
  const loaded: unknown = createRequire(join(folder, 'package.json'))('@duckdb/node-api');
  if (!isDuckDb(loaded)) throw new Error(`${folder} holds no DuckDB: remove it, and it is installed again.`);
  // Nothing is fetched while a query runs: what it needs (JSON, Parquet, time zones) is part of it.
  const instance = await loaded.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function install(folder: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  tell(`DuckDB ${version}, which runs the query, is installed once, into ${folder} (70 MB) …`);
  // It gets its name when it is complete, so that neither an interrupted nor a simultaneous installation is taken for it.
  const making = `${folder}.${process.pid}`;
  try {
    mkdirSync(making, { recursive: true });
    writeFileSync(join(making, 'package.json'), JSON.stringify({ private: true, ...lock.packages[''] }));
    writeFileSync(join(making, 'package-lock.json'), JSON.stringify(lock));
    // On Windows npm is a script, which takes a shell.
    const shell = process.platform === 'win32';
    await promisify(execFile)('npm', npmArguments, { cwd: making, env, shell });
    renameSync(making, folder);
  } catch (error) {
    // Somebody else was faster.
    if (existsSync(folder)) return;
    throw new Error(
      `DuckDB ${version} cannot be installed: ${reasonOf(error)}. Where npm reaches its registry, on the same kind of system (${process.platform} ${process.arch}), run ${command} query "select 1" --store ./logs; then copy ${folder} from there to here.`,
    );
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

const npmArguments = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** The first thing that npm says, or why there is no npm. */
function reasonOf(error: unknown): string {
  const { stderr = '', code = '' } = Object(error);
  if (code === 'ENOENT') return 'there is no npm in PATH';
  const lines = String(stderr)
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, '').trim());
  const said = lines.filter((line) => line !== '' && !/^(?:code|errno|syscall) /.test(line));
  return said[0]?.replace(/\.$/, '') ?? `npm ended with ${code}`;
}

function isDuckDb(value: unknown): value is DuckDb {
  return typeof value === 'object' && value !== null && 'DuckDBInstance' in value;
}
