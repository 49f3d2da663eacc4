import * as z from 'zod/mini';
import { text } from '../../json/fields';

/** A line of `ocsf`: what its class has besides is OCSF's matter, and `docs/ocsf.md` has the tables. */
export const ocsfJson = z
  .looseObject({
    class_uid: z.int().check(z.describe("the number of the event's class; 0 is the base event")),
    class_name: text("the class's name"),
    type_uid: z.int().check(z.describe('the class and its activity in one number')),
    time: z.int().check(z.describe('when it happened (ms since 1970); 0 where the record does not say')),
    metadata: z.looseObject({
      version: z.literal('1.1.0').check(z.describe('the version of OCSF')),
      log_name: text('the log: telephony, authentication, …'),
    }),
    raw_data: text('the text of the record, to 65,535 characters'),
    status_detail: z.optional(text('why it ended so, or what is wrong with the record')),
    unmapped: z.optional(
      z.looseObject({}).check(z.describe('what of the record is in no other field but raw_data')),
    ),
  })
  .check(z.describe('An event of the Open Cybersecurity Schema Framework.'));
