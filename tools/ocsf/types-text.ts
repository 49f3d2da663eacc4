import type { Attribute, Definition, Definitions } from './schema';
import type { Selection } from './selection';

/**
 * The text of `packages/duo-ocsf/src/schema.ts`, not formatted: a type of each selected class and object, and the same as a
 * table. No caption of a class stands there by itself: one is the name of a log, and no package knows a log by name.
 */
export function typesText(definitions: Definitions, selection: Selection): string {
  const classes = Object.entries(selection.classes).map(([uid, names]) => {
    const found = Object.entries(definitions.classes).find(([, one]) => one.uid === Number(uid));
    if (found === undefined) throw new Error(`OCSF ${definitions.version} has no class ${uid}`);
    return { uid, name: found[0], ...selected(found[0], found[1], names, selection) };
  });
  const objects = inOrder(
    Object.entries(selection.objects).map(([name, names]) => {
      const found = definitions.objects[name];
      if (found === undefined) throw new Error(`OCSF ${definitions.version} has no object ${name}`);
      return { name, ...selected(name, found, names, selection) };
    }),
  );
  const types = usedTypes([...classes, ...objects]);
  return `// Made by \`npx pnpm ocsf:types\` from OCSF ${definitions.version}, as tools/ocsf/selection.ts selects from it. Not to be edited.
import { choice, classShape, constant, flag, json, list, must, object, shape, text, whole } from './shape';

/** The version of OCSF. */
export const ocsfVersion = '${definitions.version}';

${objects.map((one) => interfaceText(`The object ${one.caption}.`, typeName(one.name), one.attributes)).join('\n')}
${classes
  .map((one) => interfaceText(`The class ${one.caption} (${one.uid}).`, typeName(one.name), one.attributes))
  .join('\n')}
/** The classes, by their \`class_uid\`. */
export interface Events {
${classes.map(({ uid, name }) => `  ${uid}: ${typeName(name)};`).join('\n')}
}

/** The \`class_uid\` of a class that the mappings use. */
export type ClassUid = keyof Events;

/** An event of any of these classes. */
export type OcsfEvent = Events[ClassUid];

${types.map((name) => typeText(name, definitions)).join('\n')}

${objects.map((one) => `const ${one.name} = shape(${fieldsText(one)}${needsText(one)});`).join('\n')}

/** What OCSF says of each class, by its \`class_uid\`. */
export const classes = {
${classes
  .map(
    (one) =>
      `  ${one.uid}: classShape(${fieldsText(one)}, '${one.needsOneOf.join(' ')}', '${one.profiles.join(' ')}'),`,
  )
  .join('\n')}
};
`;
}

interface Selected {
  readonly caption: string;
  readonly attributes: readonly (readonly [string, Attribute])[];
  readonly needsOneOf: readonly string[];
  readonly profiles: readonly string[];
}

/** What is selected of a class or an object. Throws where that could never be valid. */
function selected(
  of: string,
  definition: Definition,
  names: readonly string[],
  selection: Selection,
): Selected {
  const attributes = names.toSorted().map((name): [string, Attribute] => {
    const attribute = definition.attributes[name];
    if (attribute === undefined) throw new Error(`${of} has no field ${name}`);
    const { object_type: type } = attribute;
    if (type && type !== 'object' && !(type in selection.objects))
      throw new Error(`${of}.${name} is of ${type}`);
    return [name, attribute];
  });
  const { at_least_one: anyOf = [], just_one: oneOf = [] } = definition.constraints ?? {};
  if (oneOf.length > 0) throw new Error(`${of} wants just one of ${oneOf.join(', ')}, which is not built in`);
  const needsOneOf = anyOf.filter((name) => names.includes(name));
  if (anyOf.length > 0 && needsOneOf.length === 0) throw new Error(`${of} needs one of ${anyOf.join(', ')}`);
  const profiles = [...new Set(attributes.flatMap(([, { profile }]) => profile ?? []))];
  const missing = Object.entries(definition.attributes).filter(
    ([name, { requirement, profile }]) =>
      requirement === 'required' && (!profile || profiles.includes(profile)) && !names.includes(name),
  );
  if (missing.length > 0) throw new Error(`${of} needs ${missing.map(([name]) => name).join(', ')}`);
  return { caption: definition.caption, attributes, needsOneOf, profiles };
}

/** Each behind those that it is made of. Throws where one is made of itself: a table has no such column. */
function inOrder<One extends Selected & { readonly name: string }>(all: readonly One[]): One[] {
  const ordered: One[] = [];
  const visit = (one: One, way: readonly string[]): void => {
    if (way.includes(one.name)) throw new Error(`${one.name} is made of itself`);
    if (ordered.includes(one)) return;
    for (const [, { object_type }] of one.attributes) {
      const part = all.find(({ name }) => name === object_type);
      if (part !== undefined) visit(part, [...way, one.name]);
    }
    ordered.push(one);
  };
  for (const one of all) visit(one, []);
  return ordered;
}

function usedTypes(all: readonly Selected[]): string[] {
  const used = all.flatMap(({ attributes }) =>
    attributes.filter(([, one]) => !one.enum && !one.object_type).map(([, { type }]) => type),
  );
  return [...new Set(used)].sort();
}

function typeText(name: string, { types }: Definitions): string {
  const type = types[name];
  if (type === undefined) throw new Error(`OCSF has no type ${name}`);
  const limits = [
    ...(type.max_len ? [`most: ${type.max_len}`] : []),
    ...(type.regex ? [`pattern: ${new RegExp(type.regex, 'u')}`] : []),
    ...(type.observable ? [`observable: ${type.observable}`] : []),
  ];
  const kind = {
    string: `text(${limits.length > 0 ? `{ ${limits.join(', ')} }` : ''})`,
    number: name === 'port_t' ? 'whole(65_535)' : 'whole()',
    boolean: 'flag',
    unknown: 'json',
  }[primitive(name, type.type)];
  return `const ${name} = ${kind};`;
}

function primitive(name: string, base?: string | null): 'string' | 'number' | 'boolean' | 'unknown' {
  const primitives = {
    string_t: 'string',
    long_t: 'number',
    integer_t: 'number',
    boolean_t: 'boolean',
    json_t: 'unknown',
  } as const;
  for (const [type, found] of Object.entries(primitives)) if (type === (base ?? name)) return found;
  throw new Error(`the type ${name} is not built in`);
}

const typeName = (name: string): string => name.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase());

function interfaceText(words: string, name: string, attributes: Selected['attributes']): string {
  const fields = attributes.map(
    ([field, one]) =>
      `  /** ${one.caption}. */\n  readonly ${field}${one.requirement === 'required' ? '' : '?'}: ${one.is_array ? `readonly ${bare(one)}[]` : bare(one)};`,
  );
  return `/** ${words} */\nexport interface ${name} {\n${fields.join('\n')}\n}\n`;
}

const tsTypes: Readonly<Record<string, string>> = {
  boolean_t: 'boolean',
  integer_t: 'number',
  json_t: 'unknown',
  long_t: 'number',
  port_t: 'number',
  timestamp_t: 'number',
};

function bare(one: Attribute): string {
  if (one.object_type === 'object') return 'Readonly<Record<string, unknown>>';
  if (one.object_type) return typeName(one.object_type);
  const numbers = Object.keys(one.enum ?? {});
  return numbers.length > 0 ? numbers.join(' | ') : (tsTypes[one.type] ?? 'string');
}

function fieldsText({ attributes }: Selected): string {
  const names = attributes.map(([name]) => name);
  return `{\n${attributes.map(([name, one]) => `    ${name}: ${fieldText(one, names)},`).join('\n')}\n  }`;
}

function fieldText(one: Attribute, names: readonly string[]): string {
  const { sibling, object_type: type } = one;
  const captions = Object.entries(one.enum ?? {});
  const caption = sibling && names.includes(sibling) && sibling !== 'class_name' ? sibling : undefined;
  const [[only = '', named] = [], second] = captions;
  const plain =
    type === 'object'
      ? 'json'
      : type
        ? `object(${type})`
        : captions.length === 0
          ? one.type
          : second === undefined
            ? `constant(${only}${caption === undefined ? '' : `, ${JSON.stringify(named?.caption)}, '${caption}'`})`
            : `choice({ ${captions.map(([number, { caption: word }]) => `${number}: ${JSON.stringify(word)}`).join(', ')} }${caption === undefined ? '' : `, '${caption}'`})`;
  const listed = one.is_array ? `list(${plain})` : plain;
  return one.requirement === 'required' ? `must(${listed})` : listed;
}

const needsText = ({ needsOneOf }: Selected): string =>
  needsOneOf.length === 0 ? '' : `, '${needsOneOf.join(' ')}'`;
