export { baseEvents } from './base-event';
export type { Column } from './columns';
export { createLake, type LakeResult, type Surroundings } from './create-lake';
export { type LakeEvent, lakeEvents } from './events';
export type { ToOcsf } from './mapping';
export { readTables, type Table, type Tables } from './tables';
export { emptyLakeReport, firstEventDay, type LakeReport, mostTurned, type Turning } from './turn';
export { turnAll } from './turn-all';
