import type { RawRecord } from './raw-record';
import type { Label } from './udm-schema';

/** The last name of a path is the label's key: `browser` for `access_device.browser`. */
const fieldKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** The whole path is the label's key: `access_device_browser` for `access_device.browser`. */
export const pathKey = (path: string): string => path.replaceAll('.', '_');

/** A label for each of the paths at which the record has something. */
export function labels(raw: Pick<RawRecord, 'text'>, paths: readonly string[], key = fieldKey): Label[] {
  return paths.flatMap((path) => {
    const value = raw.text(path);
    return value === undefined ? [] : [{ key: key(path), value }];
  });
}

/** The same for `additional`, where each path is its own key. */
export function additional(raw: RawRecord, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(labels(raw, paths, (path) => path).map(({ key, value }) => [key, value]));
}
