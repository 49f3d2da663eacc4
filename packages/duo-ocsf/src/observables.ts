import type { Observable } from './schema';
import type { Shape } from './shape';

/** What of an event one looks for in others, by its types: addresses, names of hosts and users, mail addresses. */
export function observables(shape: Shape, value: object): Observable[] {
  const found: Observable[] = [];
  collect(shape, value, '', found);
  return found;
}

function collect(shape: Shape, value: object, at: string, found: Observable[]): void {
  for (const [name, given] of Object.entries(value)) {
    const kind = shape.fields[name]?.kind;
    if (kind === undefined || (kind.is !== 'text' && kind.is !== 'object')) continue;
    const here = at === '' ? name : `${at}.${name}`;
    for (const one of Array.isArray(given) ? given : [given]) {
      if (kind.is === 'object') collect(kind.shape, one, here, found);
      else if (kind.observable !== undefined) found.push(...observed(kind.observable, here, one));
    }
  }
}

function observed(observable: number, name: string, value: string): Observable[] {
  const type = types.find(([type_id]) => type_id === observable);
  return type === undefined ? [] : [{ name, type_id: type[0], type: type[1], value }];
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
