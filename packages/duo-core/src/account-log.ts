/** One log of one Duo account: what a checkpoint, a day, a receipt and the objects of a folder are of. */
export interface AccountLog {
  readonly logType: string;
  /** The account's name; left out where it is the stage's own account. */
  readonly account?: string | undefined;
}

/** The log that a run or a pass with this descriptor is of. */
export function logOf({ logType, account }: OfLog): AccountLog {
  return { logType: logType.name, ...(account !== undefined && { account }) };
}

/** What runs and passes say of whose log they are of. */
export interface OfLog {
  readonly logType: { readonly name: string };
  /** See `AccountLog`. */
  readonly account?: string | undefined;
}

/** Whether an account can have this name: it stands in keys between a log type's name and a year. */
export function isAccountName(text: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 40;
}

/** What the keys of all of a log's objects begin with. */
export function logFolder({ logType, account }: AccountLog): string {
  return account === undefined ? `logs/${logType}/` : `logs/${logType}/${account}/`;
}

/** What the keys of all of a log's receipts begin with. */
export function receiptFolder({ logType, account }: AccountLog): string {
  return account === undefined ? `receipts/${logType}/` : `receipts/${logType}/${account}/`;
}

/** What the keys of all that is kept beside a log's checkpoint begin with. */
export function stateFolder({ logType, account }: AccountLog): string {
  return account === undefined ? `state/${logType}/` : `${accountsFolder(logType)}${account}/`;
}

/** What the keys of the checkpoints of all accounts of a log begin with. */
export function accountsFolder(logType: string): string {
  return `state/${logType}/accounts/`;
}

/** Where the checkpoint of a log is stored. */
export function checkpointKey(log: AccountLog): string {
  return `${stateFolder(log).slice(0, -1)}.json`;
}

/** A log as an operator's command takes it: the log type, and `--account acme` if it is of one. */
export function asArguments({ logType, account }: AccountLog): string {
  return account === undefined ? logType : `${logType} --account ${account}`;
}
