import { type FoundLog, generate, reconcile, type Simulator } from 'duo-simulator';
import type { Aws } from './aws';
import type { Project } from './project';
import { step } from './step';

/** The stage that is deployed. */
export const stage = 'e2e';

/** What the steps share. */
export interface World {
  readonly aws: Aws;
  /** Its commands are run by `deployer`. */
  readonly project: Project;
  /** The ARN of a user that may do what docs/deployer-policy.json says. */
  readonly deployer: string;
  /** The environment of someone who may do everything. */
  readonly administrator: Record<string, string>;
  readonly simulator: Simulator;
  readonly apiUrl: string;
  /** The log types that are deployed with the storage by default. */
  readonly logs: readonly FoundLog[];
  /** All that is deployed by default to a stage that has one account: a folder below `services/` each. */
  readonly services: readonly string[];
  readonly signal: AbortSignal;
}

/** The name of a service's stack. */
export function stackOf(service: string, of = stage): string {
  return `duo-${service}-${of}`;
}

/** What the keys of a log's objects begin with. */
export function prefixOf({ logType }: FoundLog): string {
  return `logs/${logType.name}/`;
}

let published = 0;

/** Has the simulator publish records of these times in each log, other ones each time; at once where they are of the past. */
export function publish({ simulator, logs }: World, count: number, from: number, to: number): void {
  for (const { logType, samples } of logs) {
    simulator
      .log(logType.name)
      .addAll(generate({ logType, samples, count, from, to, seed: from, startIndex: published }));
  }
  published += count;
}

/** Compares what lies in the bucket with what the simulator has published, log by log. */
export async function readBack({ aws, simulator, logs }: World, bucket: string): Promise<void> {
  for (const log of logs) {
    await step(`  ${log.logType.name}, read back`, async () => {
      const delivered = await aws.records(bucket, prefixOf(log));
      const { published, lost, doubled } = reconcile(simulator.log(log.logType.name).published(), delivered);
      const told = `published ${published} delivered ${delivered.length} lost ${lost} doubled ${doubled}`;
      if (lost + doubled > 0 || published === 0) throw new Error(told);
      return [undefined, told];
    });
  }
}
