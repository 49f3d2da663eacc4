import * as z from 'zod/mini';
import { logTypeModule } from '../../logs/service-modules';

const label = z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/));
const known = z.strictObject({
  logType: label,
  /** What SecOps' feed page calls it. */
  title: z.optional(z.string()),
  /** Undefined where nobody has said. */
  defaultParser: z.optional(z.boolean()),
});
const unknown = z.strictObject({ advice: z.string() });
const exported = z.object({ secops: z.optional(z.union([known, unknown])) });

/** What Google SecOps calls a log, and whether it parses it by itself. */
export type SecopsLogType = z.infer<typeof known>;

/**
 * What the service of a log exports as `secops` beside its descriptor: what SecOps calls the log, or what to do where
 * SecOps has no such log; undefined where it says nothing. Nothing but the operator's command reads it, so that the
 * bundle of a function leaves it out.
 */
export async function secopsLogType(
  service: string,
  load: (service: string) => Promise<object> = logTypeModule,
): Promise<SecopsLogType | z.infer<typeof unknown> | undefined> {
  const read = exported.safeParse(await load(service));
  if (read.success) return read.data.secops;
  throw new Error(
    `services/${service}/src/log-type.ts: secops must be like { logType: 'A_LABEL', title: 'A name', defaultParser: true } or { advice: 'What to do.' }.`,
  );
}

/** Whether a text can be what SecOps calls a log. */
export function isLabel(text: string): boolean {
  return label.safeParse(text).success;
}
