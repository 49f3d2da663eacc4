import * as z from 'zod';

/*
 * As much of the Amazon States Language as the state machine of the storage uses: what its states look like, and what its
 * paths, templates and conditions mean. https://states-language.net
 */

/** A state of the definition: what every kind may have, and what only some have. */
export const state = z.looseObject({
  Type: z.string(),
  Next: z.optional(z.string()),
  OutputPath: z.optional(z.string()),
});
/** See `state`. */
export type State = z.infer<typeof state>;

/** A state machine, or what a map runs for each item. */
export const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), state) });
/** See `machineSchema`. */
export type Machine = z.infer<typeof machineSchema>;

/** An error by its name in the States Language. */
export class StatesError extends Error {
  constructor(
    readonly error: string,
    readonly reason: string,
  ) {
    super(`${error}: ${reason}`);
  }
}

const rule = z.looseObject({ Next: z.optional(z.string()) });
/** What a state of each kind has besides. */
export const choice = z.object({ Choices: z.array(rule), Default: z.string() });
/** A call of a function. */
export const task = z.object({
  Resource: z.string(),
  Parameters: z.unknown(),
  ResultSelector: z.unknown(),
  ResultPath: z.string().regex(/^\$\.\w+$/),
  Retry: z.array(
    z.object({
      ErrorEquals: z.array(z.string()),
      MaxAttempts: z.number(),
      IntervalSeconds: z._default(z.number(), 1),
      BackoffRate: z._default(z.number(), 2),
      MaxDelaySeconds: z._default(z.number(), Number.POSITIVE_INFINITY),
    }),
  ),
});
/** What the function is called with. */
export const call = z.strictObject({ FunctionName: z.string(), Payload: z.unknown() });
/** A distributed map that tolerates no failure. */
export const mapState = z.looseObject({
  Label: z.string(),
  ItemsPath: z.string(),
  MaxConcurrencyPath: z.string(),
  ToleratedFailureCount: z.literal(0),
  ItemSelector: z.unknown(),
  ItemProcessor: z.looseObject({
    ...machineSchema.shape,
    ProcessorConfig: z.object({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.literal('STANDARD') }),
  }),
});

/** Whether a rule of a choice holds for a value. */
export function holds(given: z.infer<typeof rule>, value: unknown): boolean {
  const { Next: _, And, Variable, ...tests } = given;
  if (And !== undefined)
    return z
      .array(rule)
      .parse(And)
      .every((one) => holds(one, value));
  const found = evaluate(z.string().parse(Variable), value);
  return Object.entries(tests).every(([test, expected]) => {
    if (test === 'IsNumeric') return (typeof found === 'number') === expected;
    if (test === 'StringEquals') return found === expected;
    const [one, other] = [Number(found), Number(expected)];
    if (test === 'NumericGreaterThan') return one > other;
    if (test === 'NumericGreaterThanEquals') return one >= other;
    if (test === 'NumericLessThanEquals') return one <= other;
    throw new Error(`no ${test} is used`);
  });
}

/** A template with its paths and functions filled in; `item` is the item of the map. */
export function filled(template: unknown, value: unknown, item?: unknown): unknown {
  const object = z.record(z.string(), z.unknown()).safeParse(template);
  if (!object.success) return template;
  return Object.fromEntries(
    Object.entries(object.data).map(([key, one]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), evaluate(z.string().parse(one), value, item)]
        : [key, filled(one, value, item)],
    ),
  );
}

/** What a path or a function of the language gives for a value. */
export function evaluate(expression: string, value: unknown, item?: unknown): unknown {
  const [, name, args] = /^States\.(\w+)\((.*)\)$/.exec(expression) ?? [];
  if (name !== undefined && args !== undefined) {
    const [first, second] = args
      .split(', ')
      .map((one) =>
        one.startsWith('$') ? evaluate(one, value) : one.startsWith("'") ? one.slice(1, -1) : Number(one),
      );
    if (name === 'Format') return String(first).replace('{}', String(second));
    if (name === 'MathAdd') return Number(first) + Number(second);
    throw new Error(`no States.${name} is used`);
  }
  if (expression === '$$.Map.Item.Value') return item;
  let found = value;
  for (const key of expression.split('.').slice(1)) {
    const within: Record<string, unknown> = z.record(z.string(), z.unknown()).parse(found);
    if (!(key in within)) throw new StatesError('States.Runtime', `${expression} is not there`);
    found = within[key];
  }
  return found;
}
