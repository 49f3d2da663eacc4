import * as z from 'zod/mini';
import { text } from '../../json/fields';

const accountId = z
  .nullable(z.string())
  .check(z.describe('its id at Duo, of a child of the parent account; null of one with keys of its own'));

/** What `accounts list --json` prints. */
export const accountsListJson = z.array(
  z.strictObject({
    account: text('its name'),
    accountId,
    worst: z
      .nullable(
        z.strictObject({
          logType: text('the log that is furthest behind'),
          behindSeconds: z.int().check(z.describe('how far that is, in seconds')),
        }),
      )
      .check(z.describe('null where no log has a checkpoint that can be read')),
    problems: z.array(z.string()).check(z.describe('checkpoints that cannot be read, and why')),
  }),
);

/** What `accounts discover --json` prints. */
export const accountsDiscoverJson = z.array(
  z.strictObject({
    accountId: text('the id of the child at Duo'),
    name: text("its name in Duo's Admin Panel"),
    apiHost: text('its API host'),
    account: z
      .nullable(z.string())
      .check(
        z.describe('the name under which it is collected, with --add from now on; null where it is not'),
      ),
    refused: z
      .array(z.strictObject({ logType: text('a log that Duo does not show'), why: text('why') }))
      .check(
        z.describe(
          'the logs of it that Duo does not show to the keys of the parent; empty if none was tried',
        ),
      ),
  }),
);

/** One of them. */
export type Discovered = z.infer<typeof accountsDiscoverJson>[number];
