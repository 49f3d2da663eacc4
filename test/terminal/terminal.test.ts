import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { interrupted, keys, openTerminal, type Terminal } from './terminal';

describe('the terminal of the story', () => {
  let terminal: Terminal;

  beforeEach(() => {
    terminal = openTerminal('/', { PATH: process.env.PATH ?? '' });
  });

  afterEach(() => terminal.close());

  test('notices a line that is longer than 80 columns, and none that is not', async () => {
    expect((await terminal.run(`printf '%080d\\n' 1`)).tooLong).toEqual([]);
    expect((await terminal.run(`printf '%081d\\n' 1`)).tooLong).toEqual([`${'0'.repeat(80)}1`]);
  });

  test('notices a colour', async () => {
    const { text, coloured } = await terminal.run(String.raw`printf 'plain\n\033[31mred\033[0m\n'`);
    expect(text).toBe('plain\nred');
    expect(coloured).toEqual(['red']);
  });

  test('notices another exit code', async () => {
    await expect(terminal.run('false')).rejects.toThrow('should have exited with 0');
    expect((await terminal.run('false', 1)).text).toBe('');
  });

  test.each([
    ['no cursor', '[?25l'],
    ['a colour', '[31m'],
    ['another screen', '[?1049h'],
    ['pastes in brackets', '[?2004h'],
    ['the mouse', '[?1000h'],
  ])('notices that a command has left %s', async (what, code) => {
    await expect(terminal.run(`printf '\\033${code}'`)).rejects.toThrow(`left the terminal with ${what}`);
  });

  test('shows a person that Ctrl-C has ended a command', async () => {
    // A process of its own prints it, so that Ctrl-C cannot come between two of the shell's commands.
    await terminal.start(`sh -c 'echo begun; exec sleep 1000'`);
    await terminal.see(/^begun$/m);
    terminal.press(keys.ctrlC);
    expect((await terminal.finish(interrupted)).text).toBe('begun\n^C');
  });

  test('keeps what was cleared', async () => {
    const { text } = await terminal.run(String.raw`printf 'secret\n\033[2J\033[Hshown\n'`);
    expect(text).toBe('shown');
    expect(terminal.everything()).toMatch(/\nsecret/);
  });
});
