import { isIP } from 'node:net';
import type { Draft, Found } from './found';
import type { RawRecord } from './raw-record';
import type { Location, Os, Service, User } from './schema';

/**
 * Where a device is, as Duo says it at a path: `{city, country, state}`. OCSF wants a country's code of two letters: Duo's
 * own words are the description.
 */
export function location(raw: RawRecord, path: string): Draft<Location> {
  const country = raw.text(`${path}.country`);
  return {
    city: raw.text(`${path}.city`),
    country: country === undefined ? undefined : countryCode(country.value),
    desc: country,
    region: raw.text(`${path}.state`),
  };
}

/** The code of a country by its English name, or the code itself; undefined if it is not known. */
export function countryCode(name: string): string | undefined {
  return /^[A-Z]{2}$/.test(name) ? name : codes().get(name);
}

let known: ReadonlyMap<string, string> | undefined;

/** By the names of Unicode's CLDR, which Node.js has. */
function codes(): ReadonlyMap<string, string> {
  known ??= new Map(namedCodes());
  return known;
}

function namedCodes(): [string, string][] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return letters
    .flatMap((first) => letters.map((second) => `${first}${second}`))
    .flatMap((code) => {
      // Of the codes that one country has had, the one in use: DE and not DD, GB and not UK.
      const isInUse = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}` && !noCountry.test(code);
      const name = isInUse ? names.of(code) : undefined;
      return name === undefined ? [] : [[name, code]];
    });
}

/** What CLDR names besides countries: unions, tests and the unknown. */
const noCountry = /^(EU|EZ|QO|UN|XA|XB|ZZ)$/;

/** An operating system, and its version, as Duo names them at two paths. */
export function system(raw: RawRecord, path: string): Draft<Os> {
  const name = raw.text(path);
  const type_id = name === undefined ? 0 : (systems.find(([pattern]) => pattern.test(name.value))?.[1] ?? 99);
  return { name, type_id, type: type_id === 99 ? name : undefined, version: raw.text(`${path}_version`) };
}

const systems: readonly (readonly [RegExp, Os['type_id']])[] = [
  [/^windows phone|windows mobile/i, 101],
  [/^windows/i, 100],
  [/^ipados/i, 302],
  [/^ios/i, 301],
  [/^mac ?os/i, 300],
  [/^android/i, 201],
  [/linux|ubuntu|debian|fedora/i, 200],
];

/** What is known of an address. */
export interface Address {
  readonly hostname?: Found<string> | undefined;
  readonly ip?: Found<string> | undefined;
  readonly port?: Found<number> | undefined;
}

/** An address that Duo writes at a path, which may also be one with a port, or the name of a host. */
export function address(raw: RawRecord, path: string): Address {
  const text = raw.text(path);
  if (text === undefined) return {};
  if (isIP(text.value) !== 0) return { ip: text };
  const [, ip = '', port] = /^\[?([\d.]+|(?<=\[)[\da-f:.]+)\]?:(\d{1,5})$/i.exec(text.value) ?? [];
  if (isIP(ip) !== 0) return { ip: text.map(() => ip), port: text.map(() => Number(port)) };
  return { hostname: text.map((name) => (/[a-z]/i.test(name) ? name : undefined)) };
}

/** The application that someone has logged in to, which Duo names at a path; OCSF asks for one. */
export function service(raw: RawRecord, path: string): Draft<Service> {
  const [name, uid] = [raw.text(`${path}.name`), raw.text(`${path}.key`)];
  return { name: (name ?? uid) === undefined ? 'Duo' : name, uid };
}

/** Whom Duo names at a path: `{key, name}`. */
export function party(raw: RawRecord, path: string): Draft<User> {
  return { name: raw.text(`${path}.name`), uid: raw.text(`${path}.key`) };
}
