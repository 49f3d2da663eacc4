import * as z from 'zod/mini';

const oneOrMore = <T>(schema: z.ZodMiniType<T>) =>
  z.pipe(
    z.union([z.array(schema), schema]),
    z.transform((value): T[] => (Array.isArray(value) ? value : [value])),
  );

const documentSchema = z.looseObject({
  Statement: z.array(
    z.looseObject({
      Effect: z.string(),
      Action: z.optional(oneOrMore(z.string())),
      Resource: z.optional(oneOrMore(z.unknown())),
      Principal: z.optional(z.unknown()),
      Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
    }),
  ),
});

/** The statements of a policy, with lists where a policy may have one or more. */
export function statementsOf(document: unknown): z.infer<typeof documentSchema>['Statement'] {
  return documentSchema.parse(document).Statement;
}
