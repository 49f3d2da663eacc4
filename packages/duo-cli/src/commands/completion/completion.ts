import { Argument, type Command } from '@commander-js/extra-typings';
import { built } from '../../built';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';

/** What is typed to call this command: in the checkout, a function of the shell. */
const name = built === undefined ? 'duo' : command;

/** `completion`: the script by which a shell completes this command. */
export function addCompletion(program: Command, { print }: World): void {
  const completion = program
    .command('completion')
    .description('Prints a script that completes commands, options, log types and stages in your shell.')
    .usage('<bash|zsh|fish>')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText('after', help)
    .action(async (shell) => {
      // Loaded here and nowhere else: no other command waits for it.
      const { completionTree } = await import('./tree');
      if (shell === 'bash') print(beforeBash);
      completionTree(program, '').setup(name, `${command} completion`, shell);
      if (shell === 'bash') print(afterBash);
    });
  // What the script asks at each Tab.
  completion
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => {
      const { completionTree } = await import('./tree');
      completionTree(program, words.at(-1) ?? '').parse(words);
    });
}

/**
 * The library's script takes for granted that the package bash-completion is installed, and complains where it is read a second time, or
 * beside that of another command of the same library.
 */
const beforeBash = `{
if ! declare -F _get_comp_words_by_ref >/dev/null; then
  _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]}
    prev=\${COMP_WORDS[COMP_CWORD - 1]}
    words=("\${COMP_WORDS[@]}")
    cword=$COMP_CWORD
  }
fi
`;
const afterBash = '} 2>/dev/null\n';

/** In the checkout the command has no name that a shell could complete. */
const naming = {
  posix: built === undefined ? `  ${name}() { ${command} "$@"; }\n` : '',
  fish: built === undefined ? `  alias ${name}='${command}'\n` : '',
};

const help = `
It completes commands, options, log types, files, and the stages that have a
settings file.${built === undefined ? '\nEach Tab takes a second here; the installed command, duo-logs, is faster.' : ''}

In bash; put the line in ~/.bashrc to have it in every shell:

${naming.posix}  source <(${command} completion bash)

In zsh, in ~/.zshrc:

  autoload -U compinit; compinit
${naming.posix}  source <(${command} completion zsh)

In fish, in ~/.config/fish/config.fish:

${naming.fish}  ${command} completion fish | source`;
