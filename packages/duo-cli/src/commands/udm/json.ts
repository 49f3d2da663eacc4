import * as z from 'zod/mini';
import { text } from '../../json/fields';

/** An event: what is in it is Google's matter, and `docs/udm.md` has the tables. */
const event = z
  .looseObject({
    metadata: z.looseObject({
      eventTimestamp: text('when it happened (RFC 3339, UTC)'),
      eventType: text("one of UDM's types"),
    }),
  })
  .check(z.describe("An event of Google's Unified Data Model, in proto3's JSON."));

/** A line of `udm`. */
export const udmJson = z.union([
  event,
  z
    .strictObject({
      inline_source: z.strictObject({
        events: z
          .array(z.strictObject({ udm: event }))
          .check(z.minLength(1), z.describe('as many as fit into 1 MB')),
      }),
    })
    .check(z.describe('With --import: the body of one request to events:import.')),
]);
