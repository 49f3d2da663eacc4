import {
  type AccountLog,
  loadState,
  type Patience,
  type Saved,
  type StateKind,
  type Store,
  saveState,
  stateFolder,
} from 'duo-core';
import * as z from 'zod/mini';

/** The keys that an outbox may have: whoever can write a state can write nowhere else with it. */
const outputKey = /^lake\/[a-z_]+\/region=[a-z\d-]+\/accountId=\d{12}\/eventDay=\d{8}\/[\da-f]{32}\.parquet$/;

const outputSchema = z.strictObject({
  key: z.string().check(z.regex(outputKey)),
  // As in the outbox of a checkpoint: `z.base64` looks at each character.
  body: z.string().check(z.refine((body) => Buffer.from(body, 'base64').toString('base64') === body)),
});

const lakeStateSchema = z.strictObject({
  version: z.literal(1),
  logType: z.string(),
  /** Left out where it is the stage's own. */
  account: z.optional(z.string()),
  day: z.iso.date(),
  /** Which save this is: `<run>/<n>`. */
  by: z.string(),
  /** The keys of the objects whose records are in the lake. */
  turned: z.array(z.string()),
  /** What was decided and may not have been put yet: the keys that were read, and what comes of them. */
  outbox: z.nullable(z.strictObject({ inputs: z.array(z.string()), outputs: z.array(outputSchema) })),
});

/** What is known of a folder of `logs/`: which of its objects are turned. Saving it decides what is put, as with the checkpoint. */
export type LakeState = z.infer<typeof lakeStateSchema>;

/** A Parquet file that is decided on: its key, and its bytes in base64. */
export type Output = z.infer<typeof outputSchema>;

const lakeStates: StateKind<LakeState> = {
  name: "the lake's state of this day",
  versions: [1],
  parse: (json) => lakeStateSchema.parse(json),
  advice: () =>
    'Put its earlier version back. Without it, all objects of the day would be turned again, and be in the lake twice',
};

/** Where the lake's state of a log's folder of a day (`YYYY-MM-DD`) is stored. */
export function lakeStateKey(log: AccountLog, day: string): string {
  return `${stateFolder(log)}lake/${day}.json`;
}

/** The state of a folder, a new one if there is none. Throws a `CheckpointError` for one that cannot be understood. */
export async function loadLakeState(store: Store, log: AccountLog, day: string): Promise<Saved<LakeState>> {
  const saved = await loadState(store, lakeStateKey(log, day), log, lakeStates);
  const { logType, account } = log;
  const of = { logType, ...(account !== undefined && { account }) };
  return saved ?? { state: { version: 1, ...of, day, by: '', turned: [], outbox: null }, etag: null };
}

/** Saves the state of a folder in the place of the version `etag`, or says that another run was faster. */
export function saveLakeState(
  store: Store,
  state: LakeState,
  etag: string | null,
  patience: Patience,
): Promise<Saved<LakeState> | 'superseded'> {
  return saveState(store, lakeStateKey(state, state.day), state, etag, lakeStates, patience);
}
