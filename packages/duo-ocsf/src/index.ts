export { type ActionKind, actionKind } from './action';
export { type Draft, Found } from './found';
export { type EventDraft, type Mapped, mapping, type ToOcsf } from './mapping';
export { phoneNumber } from './observables';
export { type Outcome, outcome } from './outcome';
export { address, countryCode, location, party, service, system } from './places';
export { type RawRecord, rawRecord } from './raw-record';
export type { OcsfEvent } from './schema';
export { classes, ocsfVersion } from './schema';
