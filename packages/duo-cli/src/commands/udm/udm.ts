import { createReadStream } from 'node:fs';
import type { Command } from '@commander-js/extra-typings';
import { systemErrorCode } from 'duo-core';
import { brokenRules, importable, importBodies, MappingError, type UdmEvent } from 'duo-udm';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { findMapping, type ToUdm } from '../../logs/find-mapping';
import { command, saidBy } from '../../operator/command';
import { inputName } from '../../operator/input';
import { maskPhones } from '../../operator/mask-phones';
import { readLines } from '../../operator/read-lines';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { parseJson } from '../../store/parse-json';

/** `udm`: shows what Google SecOps makes of the records of a log, or makes it. Reads and prints, and sends nothing. */
export function addUdm(program: Command, world: World): void {
  program
    .command('udm')
    .description("Prints the records of a log as events of Google's Unified Data Model. Sends nothing.")
    .addArgument(logTypeArgument)
    .argument('[file]', 'the file with the records, one per line, gzipped or not; - is standard input', '-')
    .option('--import', 'print bodies for the API events:import, one per line')
    .option('--raw', 'with phone numbers as they are, as --import has them')
    .option('--json', 'print events as JSON, one per line (the default)')
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
          if (failed <= mostNamed) world.complain(`Line ${number}: ${event}.\n`);
          continue;
        }
        for (const rule of brokenRules(event)) broken.set(rule, (broken.get(rule) ?? 0) + 1);
        const shown = (text: string) => (options.raw ? text : maskPhones(text));
        print(options.import ? bodies.add(importable(event)) : shown(JSON.stringify(event)));
      }
      if (number === 0 && file !== '-') throw new Error(`${file} is empty.`);
      print(bodies.end());
      if (failed > mostNamed) world.complain(`… and ${failed - mostNamed} more.\n`);
      for (const [rule, times] of broken)
        world.complain(`${times} × ${rule}${consequence(options.import)}\n`);
      if (failed > 0) {
        throw new Error(
          `${failed.toLocaleString('en')} of ${plural(number, 'line')} cannot be mapped and ${failed === 1 ? 'is' : 'are'} left out; the others are printed.`,
        );
      }
    });
}

/** How many lines are named that cannot be mapped: a file of another log has nothing else. */
const mostNamed = 10;

/** The event, or why there is none; never with anything of the record, which is personal data. */
function mapped(line: string, toUdm: ToUdm): UdmEvent | string {
  const record = parseJson(line);
  if (record === undefined) return 'it is not JSON';
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
    const reason = systemErrorCode(error) ?? saidBy(error);
    const said = { Z_BUF_ERROR: 'it is cut off', Z_DATA_ERROR: 'it is damaged' }[reason] ?? reason;
    throw new Error(`${inputName(file)} cannot be read to the end: ${said}.`);
  }
}

function consequence(forImport = false): string {
  return forImport
    ? ', so it is printed in a form that the API takes (docs/udm.md).'
    : ", as Google's parser has it (docs/udm.md).";
}

const help = `
The mapping follows the documentation of Google's parser for that log. If
Google has no parser, it is this project's own: docs/udm.md has the tables.
Phone numbers are hidden, unless you say --raw or --import. Records that cannot
be mapped are left out, and the exit code is 1. For the first ten, the line and
the reason go to standard error.

  ${command} udm telephony records.ndjson
  ${command} tail telephony --stage prod --raw \\
    | ${command} udm telephony --import > bodies.ndjson

Each line of --import is the body of one request, of at most 1 MB.`;
