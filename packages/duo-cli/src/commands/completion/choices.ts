import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { printable } from 'duo-core';
import { built } from '../../built';
import { services } from '../../logs/service-modules';

/** What may stand for a value that is called so in the help; `current` is what is there of it. Nothing for what nobody can know. */
export function choicesOf(kind: string, current: string): string[] {
  if (kind.startsWith('log-type')) return Object.keys(services());
  if (kind === 'stage') return stages();
  return files.includes(kind) ? filesLike(current) : [];
}

/** How files and folders are called in the help. */
const files = ['directory', 'file', 'folder', 'state.json'];

/** The stages that have a settings file: of the checkout, or of the folder that the installed command is called in. */
function stages(): string[] {
  const folder = built === undefined ? join(__dirname, '../../../../../settings') : 'settings';
  return namesIn(folder).flatMap((name) => {
    const [, stage] = /^(.*)\.yml$/.exec(name) ?? [];
    return stage === undefined || stage === 'default' ? [] : [stage];
  });
}

/** The files that the text may be the beginning of. A folder that is the only one comes with what is in it: shells end what is alone. */
function filesLike(text: string): string[] {
  const folder = text.endsWith('/') ? text : dirname(text);
  const start = text.endsWith('/') ? '' : basename(text);
  const before = text.slice(0, text.length - start.length);
  const found = namesIn(folder, '/').filter((name) => name.startsWith(start));
  const [only = ''] = found;
  const more = found.length === 1 && only.endsWith('/') ? namesIn(join(folder, only), '/') : [];
  return [...found, ...more.map((name) => `${only}${name}`)].map((name) => `${before}${name}`);
}

/**
 * What is in a folder, with `mark` behind folders; nothing where it cannot be read. Names that would do something to a terminal are left
 * out, and so are those of more than a line, which the shell would take for several.
 */
function namesIn(folder: string, mark = ''): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name === printable(name) && !/[\n\t]/.test(name))
      .map((one) => (one.isDirectory() ? `${one.name}${mark}` : one.name));
  } catch {
    return [];
  }
}
