import { type AccountSetup, seededRandom, simulatorCredentials } from 'duo-simulator';

/** How many accounts of each kind there are. */
export interface Mixture {
  /** Whose logs can be read. */
  readonly healthy: number;
  /** Which Duo refuses, all the time: every other one as a child on another deployment, the rest for a wrong secret key. */
  readonly refused: number;
  /** Which Duo throttles, all the time. */
  readonly throttled: number;
}

/** An account of the simulation, on both sides: as Duo has it, and its parameters in SSM. */
export interface Customer {
  readonly kind: keyof Mixture;
  readonly setup: AccountSetup;
  /** By what comes after the account's name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Its rank by size: the largest has 1. */
  readonly rank: number;
}

/** Every fifth has an application of its own; the others are children of one parent. */
const ownKeys = 5;

/** Makes the accounts of a stage. The healthy ones are the same whatever others there are beside them. */
export function customersOf({ healthy, refused, throttled }: Mixture): Customer[] {
  const random = seededRandom(1);
  const ranks = Array.from({ length: healthy }, (_, n) => n + 1);
  for (let n = ranks.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    const [one = 0, two = 0] = [ranks[n], ranks[other]];
    [ranks[n], ranks[other]] = [two, one];
  }
  return [
    ...ranks.map((rank, n) => customer('healthy', n, rank, n % ownKeys === 0)),
    ...Array.from({ length: refused }, (_, n) => customer('refused', n, 0, n % 2 === 1)),
    ...Array.from({ length: throttled }, (_, n) => customer('throttled', n, 0, n % 2 === 1)),
  ];
}

function customer(kind: keyof Mixture, n: number, rank: number, hasKeys: boolean): Customer {
  const name = `${kind === 'healthy' ? 'customer' : kind}-${n + 1}`;
  const id = `${kind.toUpperCase().padEnd(12, 'X')}${String(n + 1).padStart(6, '0')}`;
  const apiHost = `api-${name}.duosecurity.com`;
  const throttles = kind === 'throttled';
  if (!hasKeys) {
    const accountId = `DA${id}`;
    const refuses = kind === 'refused' && ({ refuses: 'cross-deployment' } as const);
    const setup = { name, apiHost, accountId, throttles, ...refuses };
    return { kind, setup, parameters: { 'account-id': accountId, 'api-host': apiHost }, rank };
  }
  const keys = { ikey: `DI${id}`, skey: `made-up-of-${name}` };
  const skey = kind === 'refused' ? 'made-up-and-wrong' : keys.skey;
  const setup = { name, apiHost, keys, throttles };
  return { kind, setup, parameters: { ikey: keys.ikey, skey, 'api-host': apiHost }, rank };
}

/** The parameters of a stage's accounts and of their parent, below `path`. */
export function parametersOf(customers: readonly Customer[], path: string): Map<string, string> {
  const { ikey, skey, apiHost } = simulatorCredentials;
  const parent = Object.entries({ ikey, skey, 'api-host': apiHost }).map(
    ([part, value]): [string, string] => [`${path}/parent/${part}`, value],
  );
  const own = customers.flatMap(({ setup, parameters }) =>
    Object.entries(parameters).map(([part, value]): [string, string] => [
      `${path}/accounts/${setup.name}/${part}`,
      value,
    ]),
  );
  return new Map([...parent, ...own]);
}
