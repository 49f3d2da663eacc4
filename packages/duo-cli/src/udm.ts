import { createReadStream } from 'node:fs';
import type { Command } from '@commander-js/extra-typings';
import { brokenRules, importable, importBodies, MappingError, type UdmEvent } from 'duo-udm';
import { findLog } from './find-log';
import { findMapping, type ToUdm } from './find-mapping';
import { readLines } from './read-lines';
import type { World } from './world';

/** `udm`: shows what Google SecOps makes of the records of a log, or makes it. Reads and prints, and sends nothing. */
export function addUdm(program: Command, world: World): void {
  program
    .command('udm')
    .description("Prints the records of a log as events of Google's Unified Data Model. Sends nothing.")
    .argument('<log-type>', 'the log: a folder under services/')
    .argument('[file]', 'its records, one a line, with gzip or without; - is standard input', '-')
    .option('--import', 'print bodies for the API events:import, one a line')
    .addHelpText('after', help)
    .action(async (name, file, options) => {
      await findLog(name);
      const toUdm = await findMapping(name);
      const bodies = importBodies();
      const broken = new Map<string, number>();
      const print = (line: string | undefined) => line !== undefined && world.print(`${line}\n`);
      let [number, failed] = [0, 0];
      for await (const line of lines(file, world)) {
        number += 1;
        if (line.trim() === '') continue;
        const event = mapped(line, toUdm);
        if (typeof event === 'string') {
          failed += 1;
          world.complain(`Line ${number}: ${event}.\n`);
          continue;
        }
        for (const rule of brokenRules(event)) broken.set(rule, (broken.get(rule) ?? 0) + 1);
        print(options.import ? bodies.add(importable(event)) : JSON.stringify(event));
      }
      print(bodies.end());
      for (const [rule, times] of broken)
        world.complain(`${times} × ${rule}${consequence(options.import)}\n`);
      if (failed > 0) {
        throw new Error(
          `${failed} of ${number} lines cannot be mapped and ${failed === 1 ? 'is' : 'are'} left out; the others are printed.`,
        );
      }
    });
}

/** The event, or why there is none; never with anything of the record, which is personal data. */
function mapped(line: string, toUdm: ToUdm): UdmEvent | string {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return 'it is not JSON';
  }
  try {
    return toUdm(record);
  } catch (error) {
    if (error instanceof MappingError) return error.message;
    throw error;
  }
}

async function* lines(file: string, world: World): AsyncGenerator<string> {
  try {
    yield* readLines(file === '-' ? world.standardInput : createReadStream(file));
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? error.code : 'no reason given';
    throw new Error(`${file === '-' ? 'Standard input' : file} cannot be read to its end: ${reason}.`);
  }
}

function consequence(forImport = false): string {
  return forImport
    ? ', so it is printed in a form that the API takes (docs/udm.md).'
    : ", as Google's parser has it (docs/udm.md).";
}

const help = `
It is what Google's parser of that log is documented to do, and where there is
none, a mapping of this project: docs/udm.md has the tables. A record that
cannot be mapped is left out, its line and the reason are printed on standard
error, and the exit code is 1.

  npx pnpm duo udm <log-type> services/<log-type>/samples/records.ndjson
  aws s3 cp s3://<bucket>/logs/<log-type>/<object>.ndjson.gz - \\
    | npx pnpm duo udm <log-type> --import > bodies.ndjson

Each line of --import is the body of one request, of at most 1 MB.`;
