import { Readable } from 'node:stream';
import type { Command, CommandUnknownOpts } from '@commander-js/extra-typings';
import { fakeClock } from 'duo-simulator';
import { worldOf } from '../../src/operator/world';
import { programOf } from '../../src/run';

/** All commands, in a world in which nothing is said or heard. */
export function silentProgram(): Command {
  const silent = () => {};
  const outside = {
    env: {},
    clock: fakeClock(0),
    print: silent,
    complain: silent,
    readStandardInput: async () => '',
    standardInput: Readable.from([]),
    ask: undefined,
    screen: false,
    colours: false,
  };
  return programOf(worldOf(outside, {}));
}

/** The commands below one that do something themselves, by what is typed to call them. */
export function commandsIn(
  parent: CommandUnknownOpts,
  path: readonly string[] = [],
): [string, CommandUnknownOpts][] {
  return parent.commands.flatMap((one) => {
    const name = [...path, one.name()];
    return one.commands.length === 0 ? [[name.join(' '), one]] : commandsIn(one, name);
  });
}

/** Those, and the families that they are in. */
export function allIn(
  parent: CommandUnknownOpts,
  path: readonly string[] = [],
): [string, CommandUnknownOpts][] {
  return parent.commands.flatMap((one) => {
    const name = [...path, one.name()];
    return [[name.join(' '), one], ...allIn(one, name)];
  });
}
