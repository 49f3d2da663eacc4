import { type Bill, type Component, packageName } from './bill';
import { supplied } from './supplied';

/**
 * The licences that a bundled package may have, by their SPDX identifiers, and what has to go where the package goes: the text
 * that it comes with, since names stand in it; any copy of the text, and what notices it comes with; or nothing. They let anyone
 * use, change and hand on what this project consists of, as its own does.
 */
const allowed: Readonly<Record<string, 'own text' | 'any copy' | 'nothing' | undefined>> = {
  '0BSD': 'nothing',
  'Apache-2.0': 'any copy',
  'BSD-2-Clause': 'own text',
  'BSD-3-Clause': 'own text',
  ISC: 'own text',
  MIT: 'own text',
  'MIT-0': 'nothing',
};

/** What a package says that its licence is; an expression is one, whatever it offers. Empty where it says nothing. */
export function licenceOf({ licenses }: Component): string {
  const names = licenses.map((one) => {
    if ('expression' in one) return one.expression;
    return 'id' in one.license ? one.license.id : one.license.name;
  });
  return names.join(' and ');
}

/** The files in which a package has its licence and notices, as they are; where it has none, what is supplied for it. */
export function licenceTexts(component: Component): string[] {
  const own = (component.evidence?.licenses ?? []).map(({ license: { text } }) =>
    Buffer.from(text.content, text.encoding).toString(),
  );
  const instead = own.length === 0 ? supplied[packageName(component)] : undefined;
  return instead === undefined ? own : [instead];
}

/** Why packages may not be in a bundle, one sentence each. `ours` are those of this project. */
export function licenceProblems({ components }: Bill, ours: ReadonlySet<string>): string[] {
  return components.flatMap((component) => {
    const name = packageName(component);
    const licence = licenceOf(component);
    if (licence === '') return [`${name} names no licence`];
    const wanted = allowed[licence];
    if (wanted === undefined) return [`${name} has the licence ${licence}, which is not on the list`];
    if (wanted !== 'own text' || ours.has(name) || licenceTexts(component).length > 0) return [];
    return [`${name} has the licence ${licence}, whose text has to go with it, and comes without`];
  });
}
