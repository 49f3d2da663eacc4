export { answerProblems } from './answer-check';
export { simulatorEnvironment } from './environment';
export type { DuoFailure } from './failures';
export { type FakeClock, fakeClock } from './fake-clock';
export type { Fault, FaultQueue, RawAnswer } from './faults';
export { type FoundLog, findLogs } from './find-logs';
export { type GenerateOptions, generate } from './generate';
export type { LogRecord, SimulatedLog } from './log';
export { withOddTime } from './odd-time';
export type { PageForm } from './page';
export { seededRandom } from './random';
export { type Reconciliation, reconcile } from './reconcile';
export { type SimulatorCredentials, simulatorCredentials } from './request-check';
export { sampleProblems, unitsOf } from './sample-check';
export {
  type AnsweredRequest,
  createSimulator,
  type LogSetup,
  type Simulator,
  type SimulatorOptions,
} from './simulator';
