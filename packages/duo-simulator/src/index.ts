export { type AccountSetup, accountListPath, inventedAccounts } from './accounts';
export { simulatorEnvironment } from './environment';
export type { DuoFailure } from './failures';
export { type FakeClock, fakeClock, noon } from './fake-clock';
export type { PageForm } from './pages/page';
export { type Reconciliation, reconcile } from './reconcile';
export { type FoundLog, findLog, findLogs, logNamed } from './records/find-logs';
export { type GenerateOptions, generate } from './records/generate';
export type { LogRecord, SimulatedLog } from './records/log';
export { withOddTime } from './records/odd-time';
export { seededRandom } from './records/random';
export { readTime } from './records/record-time';
export { recordProblems, repeatedIds, sampleProblems, unitsOf } from './records/sample-check';
export type { Fault, FaultQueue, RawAnswer, Throttle } from './server/faults';
export { type SimulatorCredentials, simulatorCredentials } from './server/request-check';
export { close, listen } from './server/transport';
export {
  type AnsweredRequest,
  createSimulator,
  type LogSetup,
  type Simulator,
  type SimulatorOptions,
} from './simulator';
