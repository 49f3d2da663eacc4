import { expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { keys, type Terminal } from '../terminal';

const { ikey, skey, apiHost } = simulatorCredentials;
const put = `npx pnpm duo credentials put --stage ${stage}`;

/** The three values, typed. */
export const credentials: Chapter = (scene) => {
  test('credentials put stops at Ctrl-C, and nothing is written', async () => {
    const { terminal } = scene();
    await terminal.start(put);
    await terminal.see(/Integration key/);
    terminal.press(keys.ctrlC);
    const { text } = await terminal.finish(1);
    expect(text).toContain('nothing was written');
    const check = await terminal.run(`npx pnpm duo credentials check --stage ${stage}`, 1);
    expect(check.said).toContain(`/duo/${stage}/skey is missing`);
  });

  test('credentials put refuses a secret key that Duo does not know, and stores nothing', async () => {
    const { terminal } = scene();
    await terminal.start(put);
    await answer(terminal, 'Integration key', ikey);
    await answerSecret(terminal, 'x'.repeat(40));
    await answer(terminal, 'API host', apiHost);
    const { said } = await terminal.finish(1);
    expect(said).toContain('The secret key does not belong to this integration key');
    expect(said).not.toContain('Stored');
  });

  test('credentials put asks again for what was mistyped, and does not show the secret key', async () => {
    const { terminal } = scene();
    await terminal.start(put);
    await answer(terminal, 'Integration key', 'DIX');
    await terminal.see(/must be 20 characters.*this one has 3/);
    terminal.press(keys.backspace.repeat(3));
    await answer(terminal, 'Integration key', ikey);
    await answerSecret(terminal, skey);
    await answer(terminal, 'API host', apiHost);
    const { text, tooLong } = await terminal.finish();
    expect(text).toMatch(/Duo accepts them/);
    expect(text).toContain(
      `Stored /duo/${stage}/api-host, /duo/${stage}/ikey, /duo/${stage}/skey in us-east-1.`,
    );
    expect(tooLong).toEqual([]);
  });

  test('credentials check says that they are complete and that Duo accepts them', async () => {
    const { text } = await scene().terminal.run(`npx pnpm duo credentials check --stage ${stage}`);
    expect(text).toContain(`/duo/${stage} in us-east-1 is complete, for ${apiHost}`);
    expect(text).toContain('Duo accepts it');
  });
};

async function answer(terminal: Terminal, question: string, text: string): Promise<void> {
  await terminal.see(new RegExp(question));
  terminal.press(text);
  await terminal.see(new RegExp(`${question}\n.*${text}`));
  terminal.press(keys.enter);
}

async function answerSecret(terminal: Terminal, text: string): Promise<void> {
  await terminal.see(/Secret key/);
  terminal.press(text);
  await terminal.see(/Secret key\n.*(\S)\1{39}/);
  terminal.press(keys.enter);
}
