import { type Command as Completed, RootCommand } from '@bomb.sh/tab';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { choicesOf } from './choices';

/**
 * All commands as the library completes them: their options, those of all commands included, and what may stand for a value.
 * `current` is the word that is being completed.
 */
export function completionTree(program: CommandUnknownOpts, current: string): RootCommand {
  const root = new RootCommand();
  fill(root, program, current);
  add(root, program, [], current);
  return root;
}

function add(root: RootCommand, parent: CommandUnknownOpts, path: readonly string[], current: string): void {
  for (const one of parent.createHelp().visibleCommands(parent)) {
    const name = [...path, one.name()];
    fill(root.command(name.join(' '), one.description()), one, current);
    add(root, one, name, current);
  }
}

function fill(completed: Completed, one: CommandUnknownOpts, current: string): void {
  const help = one.createHelp();
  for (const option of [...help.visibleOptions(one), ...help.visibleGlobalOptions(one)]) {
    const { long, short, description, flags, argChoices, required, optional } = option;
    if (!long) continue;
    const alias = short?.slice(1);
    if (required || optional)
      completed.option(long.slice(2), description, offering(flags, argChoices, current), alias);
    else completed.option(long.slice(2), description, alias);
  }
  for (const argument of one.registeredArguments) {
    const offered = offering(`<${argument.name()}>`, argument.argChoices, current);
    completed.argument(argument.name(), offered, argument.variadic);
  }
}

/** Offers what may stand for a value, by its own choices or by what it is called in `<…>`. */
function offering(flags: string, choices: readonly string[] | undefined, current: string) {
  const [, kind = ''] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  return (complete: (value: string, description: string) => void) => {
    for (const value of choices ?? choicesOf(kind, current)) complete(value, '');
  };
}
