import { type Bill, packageName } from './bill';
import { licenceOf, licenceTexts } from './licences';

/**
 * The licences and notices of other people's packages in a bundle, as their licences want them to go with it: each text once.
 * `apache` is the Apache License 2.0, for those that have it and come without. `ours` are the packages of this project.
 */
export function noticesOf({ metadata, components }: Bill, ours: ReadonlySet<string>, apache: string): string {
  const packages = new Map<string, string[]>();
  for (const component of components) {
    const name = packageName(component);
    if (ours.has(name)) continue;
    const licence = licenceOf(component);
    const own = licenceTexts(component);
    for (const text of own.length === 0 && licence === 'Apache-2.0' ? [apache] : own) {
      const same = packages.get(text.trim()) ?? [];
      packages.set(text.trim(), [...same, `${name} ${component.version ?? ''} (${licence})`]);
    }
  }
  const parts = [...packages].map(([text, names]) => `${line}\n${names.join('\n')}\n\n${text}\n`);
  return [`Other people's packages in ${metadata.component.name}, and their licences.\n`, ...parts].join(
    '\n',
  );
}

const line = '-'.repeat(80);
