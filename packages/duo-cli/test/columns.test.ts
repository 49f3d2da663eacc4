import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCollected } from './support/collected';
import { duo } from './support/operator';

/** The names of the commands below one, by its help; `help` itself is left out. */
async function commandsOf(command: string): Promise<string[]> {
  const { out } = await duo(`${command} --help`.trim());
  const [list = ''] = out.split('\nCommands:\n')[1]?.split('\n\n') ?? [];
  const names = [...list.matchAll(/^ {2}([a-z-]+)\b/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help').map((name) => `${command} ${name}`.trim());
}

async function allCommands(command = ''): Promise<string[]> {
  const below = await commandsOf(command);
  return [command, ...(await Promise.all(below.map((one) => allCommands(one)))).flat()];
}

const tooLong = (text: string) => text.split('\n').filter((line) => line.length > 80);

describe('at 80 columns', () => {
  test('the help of every command fits', async () => {
    const commands = await allCommands();
    expect(commands).toEqual(expect.arrayContaining(['', 'collect', 'credentials put', 'checkpoint set']));
    for (const command of commands) {
      const { exitCode, out } = await duo(`${command} --help`.trim());
      expect([command, exitCode, tooLong(out)]).toEqual([command, 0, []]);
      expect([command, out]).toEqual([command, expect.stringContaining('Usage: ')]);
    }
  });

  describe('a terminal', () => {
    let collected: Awaited<ReturnType<typeof createCollected>>;
    const terminal = { screen: true, columns: 80 };
    beforeEach(async () => {
      collected = await createCollected();
      collected.publish('telephony', 300, 20);
      await collected.collect('telephony');
    });
    afterEach(() => collected.close());

    /** An object that has garbage in it, as half of a download has. */
    function damage(): string {
      const folder = join(collected.root, 'logs');
      const [file = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.gz'),
      );
      writeFileSync(join(folder, file), 'garbage');
      return file;
    }

    test.each(['status', 'doctor', 'verify telephony', 'receipts telephony', 'verify telephony --repair'])(
      'has no longer line of %s, but for what cannot be broken',
      async (command) => {
        const { out, err } = await collected.command(command, terminal);
        expect(out + err).not.toBe('');
        expect(tooLong(out).filter((line) => !/^ *\S+$/.test(line))).toEqual([]);
        expect(tooLong(err.replaceAll('\r\u001b[K', '\n')).filter((line) => !/^ *\S+$/.test(line))).toEqual(
          [],
        );
      },
    );

    test('has an object that cannot be read on a line of its own', async () => {
      const file = damage();
      const { exitCode, err } = await collected.command('verify telephony', terminal);
      expect(exitCode).toBe(1);
      expect(err).toMatch(new RegExp(`\n?[^ ]*/logs/${file}:\n`));
      expect(tooLong(err.replaceAll('\r\u001b[K', '\n'))).toEqual([
        expect.stringMatching(new RegExp(`^\\S*${file}:$`)),
      ]);
    });

    test('has JSON and records as they are in a pipe', async () => {
      for (const command of ['status --json', 'doctor --json', 'verify telephony --json']) {
        const { out } = await collected.command(command, terminal);
        expect([command, out.trimEnd().includes('\n')]).toEqual([command, false]);
        expect(() => JSON.parse(out)).not.toThrow();
      }
    });
  });

  test('a pipe has every line as long as it is', async () => {
    const { err } = await duo('status --stage UPPER');
    expect(tooLong(err)).toHaveLength(1);
  });
});
