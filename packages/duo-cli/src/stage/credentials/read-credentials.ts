import type { Credentials } from 'duo-core';
import * as z from 'zod/mini';
import { inputName, readInput } from '../../operator/input';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { parseJson } from '../../store/parse-json';
import { formProblem, formProblems } from './form';

/** Takes the credentials from a file, from standard input (`-`) or, without either, from the operator. */
export async function readCredentials(file: string | undefined, world: World): Promise<Credentials> {
  if (file === undefined) return askForCredentials(world);
  const credentials = parseCredentials(await readInput(file, world));
  const problems =
    credentials === undefined
      ? [
          'it must be {"ikey":"…","skey":"…","apiHost":"…"} or the lines DUO_IKEY=…, DUO_SKEY=… and DUO_API_HOST=…',
        ]
      : formProblems(credentials);
  if (credentials === undefined || problems.length > 0) {
    throw new UsageError(`${inputName(file)}: ${problems.join('; ')}.`);
  }
  return credentials;
}

async function askForCredentials({ ask }: World): Promise<Credentials> {
  if (ask === undefined) {
    throw new UsageError(
      'There is no terminal to ask in: give the credentials with --file, or --file - for a pipe.',
    );
  }
  return {
    ikey: await ask.text('Integration key', (value) => formProblem('ikey', value)),
    skey: await ask.secret('Secret key', (value) => formProblem('skey', value)),
    apiHost: await ask.text('API host', (value) => formProblem('apiHost', value)),
  };
}

const json = z.object({ ikey: z.string(), skey: z.string(), apiHost: z.string() });

function parseCredentials(text: string): Credentials | undefined {
  if (!text.trimStart().startsWith('{')) return parseLines(text);
  return json.safeParse(parseJson(text)).data;
}

/** As in a file of environment variables: other lines may stand between them. */
function parseLines(text: string): Credentials | undefined {
  const line = /^\s*(?:export\s+)?(DUO_IKEY|DUO_SKEY|DUO_API_HOST)\s*=\s*(["']?)(.*?)\2\s*$/gm;
  const values = new Map([...text.matchAll(line)].map(([, name, , value]) => [name, value]));
  const [ikey, skey, apiHost] = ['DUO_IKEY', 'DUO_SKEY', 'DUO_API_HOST'].map((name) => values.get(name));
  if (ikey === undefined || skey === undefined || apiHost === undefined) return undefined;
  return { ikey, skey, apiHost };
}
