import type { Observable } from './schema';
import type { Kind, Shape } from './shape';

/** What of an event one looks for in others, by its types: addresses, names of hosts and users, mail addresses. */
export function observables(shape: Shape, value: object, at = ''): Observable[] {
  return Object.entries(shape.fields).flatMap(([name, { kind, list }]) => {
    const here = at === '' ? name : `${at}.${name}`;
    const given: unknown = Reflect.get(value, name);
    const all: unknown[] = list && Array.isArray(given) ? given : [given];
    return all.flatMap((one) => observed(kind, one, here));
  });
}

function observed(kind: Kind, value: unknown, name: string): Observable[] {
  if (kind.is === 'object') {
    return typeof value === 'object' && value !== null ? observables(kind.shape, value, name) : [];
  }
  const found = kind.is === 'text' ? types.find(([type_id]) => type_id === kind.observable) : undefined;
  if (found === undefined || typeof value !== 'string') return [];
  const [type_id, type] = found;
  return [{ name, type_id, type, value }];
}

const types = [
  [1, 'Hostname'],
  [2, 'IP Address'],
  [4, 'User Name'],
  [5, 'Email Address'],
  [6, 'URL String'],
] as const;

/** A phone number that stands at `name`, for which OCSF 1.1.0 has no type. */
export function phoneNumber(name: string, value: string): Observable {
  return { name, type_id: 99, type: 'Phone Number', value };
}
