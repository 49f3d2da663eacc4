import type { Command } from '@commander-js/extra-typings';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { findOcsfMapping } from '../../logs/find-mapping';
import { recordLines } from '../../logs/record-lines';
import { command } from '../../operator/command';
import { maskPhones } from '../../operator/mask-phones';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';

/** `ocsf`: shows what the records of a log are in OCSF, each one of them. Reads and prints, and sends nothing. */
export function addOcsf(program: Command, world: World): void {
  program
    .command('ocsf')
    .description('Prints the records of a log as OCSF events (1.1.0). Sends nothing.')
    .addArgument(logTypeArgument)
    .argument('[file]', 'the file with the records, one per line, gzipped or not; - is standard input', '-')
    .option('--raw', 'with phone numbers as they are')
    .option('--json', 'print events as JSON, one per line (the default)')
    .addHelpText('after', help)
    .action(async (name, file, options) => {
      await findLog(name);
      const toOcsf = await findOcsfMapping(name);
      let [number, records, odd] = [0, 0, 0];
      for await (const line of recordLines(file, world)) {
        number += 1;
        const record = line.replace(/\r$/, '');
        if (record.trim() === '') continue;
        records += 1;
        const { event, problems } = toOcsf(record);
        if (problems.length > 0) {
          odd += 1;
          if (odd <= mostNamed) world.complain(`Line ${number}: ${problems.join('; ')}.\n`);
        }
        const text = JSON.stringify(event);
        world.print(`${options.raw ? text : maskPhones(text)}\n`);
      }
      if (number === 0 && file !== '-') throw new Error(`${file} is empty.`);
      if (odd > mostNamed) world.complain(`… and ${(odd - mostNamed).toLocaleString('en')} more.\n`);
      if (odd > 0) {
        const them =
          odd === 1 ? 'Something is wrong with 1' : `Something is wrong with ${odd.toLocaleString('en')}`;
        world.complain(
          `${them} of ${plural(records, 'record')}. All are printed: raw_data has the record, status_detail what is wrong.\n`,
        );
      }
    });
}

/** How many lines are named with which something is wrong: a file of another log has nothing else. */
const mostNamed = 10;

const help = `
Each record becomes one event of the class that fits it, or a base event: none
is left out. docs/ocsf.md has the tables. Phone numbers are hidden, unless you
say --raw. If something is wrong with a record, standard error names the line
and says what (the first ten), status_detail says so too, and the exit code is
still 0.

  ${command} ocsf telephony records.ndjson
  ${command} tail authentication --stage prod --raw \\
    | ${command} ocsf authentication > events.ndjson`;
