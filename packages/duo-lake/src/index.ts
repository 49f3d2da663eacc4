export { type Column, glueType } from './columns';
export type { LakeEvent } from './events';
export type { LakeReport, Turning } from './turn';
export { turnAll } from './turn-all';
