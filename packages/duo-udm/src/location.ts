import type { RawRecord } from './raw-record';
import type { Draft } from './udm-event';
import type { Noun } from './udm-schema';

/** Where a device is, as Duo says it at a path: `{city, country, state}`. */
export function location(raw: RawRecord, path: string): Draft<Noun>['location'] {
  return {
    city: raw.text(`${path}.city`),
    countryOrRegion: raw.text(`${path}.country`),
    state: raw.text(`${path}.state`),
  };
}
