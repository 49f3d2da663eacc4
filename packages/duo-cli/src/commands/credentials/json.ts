import * as z from 'zod/mini';
import { text } from '../../json/fields';

/** What `credentials check --json` prints, whatever happens. It never has a key in it. */
export const credentialsCheckJson = z.strictObject({
  stage: text('whose'),
  region: text('the AWS region that was looked in'),
  apiHost: z
    .nullable(z.string())
    .check(z.describe("Duo's host, of complete credentials; null where they could not be read")),
  answered: z
    .nullable(z.string())
    .check(z.describe('the path that Duo has answered; null where it has not accepted them')),
  problem: z.optional(text('what is wrong, and what to do: exit code 1')),
});

/** See `credentialsCheckJson`. */
export type CredentialsCheckJson = z.infer<typeof credentialsCheckJson>;
