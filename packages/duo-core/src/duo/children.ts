import * as z from 'zod/mini';
import { UnexpectedResponseError } from '../errors';
import type { DuoPoster } from './duo-client';

/** An account whose logs the keys of its parent read. */
export interface Child {
  /** DA and 18 letters and digits. */
  readonly accountId: string;
  readonly apiHost: string;
  /** As Duo's Admin Panel calls it: any text, of whoever has named it. */
  readonly name: string;
}

/** Where the Accounts API lists the children of the account whose keys sign: https://duo.com/docs/accountsapi */
const path = '/accounts/v1/account/list';

const schema = z.object({ account_id: z.string(), api_hostname: z.string(), name: z.string() });

/** The children of the client's account, in Duo's order. Throws as the client does; `giveUpAt` in ms. */
export async function listChildren(duo: DuoPoster, giveUpAt: number): Promise<Child[]> {
  const { records } = (await duo.post({ path }, giveUpAt)).read((value) => schema.safeParse(value).data);
  return records.map((child) => {
    if (child !== undefined)
      return { accountId: child.account_id, apiHost: child.api_hostname, name: child.name };
    throw new UnexpectedResponseError(
      `POST ${path}: the answer is not a list of account_id, api_hostname and name`,
    );
  });
}
