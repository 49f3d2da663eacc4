import * as z from 'zod/mini';

/** A parameter, with whatever else it was put with. */
export const parameter = z.looseObject({ Name: z.string(), Value: z.string(), Type: z.string() });

/** See `parameter`. */
export type Parameter = z.infer<typeof parameter>;

const asked = z.looseObject({
  Names: z.optional(z.array(z.string())),
  Path: z.optional(z.string()),
  NextToken: z.optional(z.string()),
});

/** What SSM answers, with as many parameters a page as it has at most; what is put or deleted changes `parameters`. */
export function answerOfSsm(operation: string, request: unknown, parameters: Parameter[]): object {
  const { Names = [], Path = '', NextToken = '0' } = asked.parse(request);
  if (operation === 'PutParameter') {
    parameters.push(parameter.parse(request));
    return { Version: 1 };
  }
  if (operation === 'DeleteParameters') {
    const kept = parameters.filter(({ Name }) => !Names.includes(Name));
    parameters.splice(0, parameters.length, ...kept);
    return { DeletedParameters: Names };
  }
  if (operation === 'GetParameters')
    return { Parameters: parameters.filter(({ Name }) => Names.includes(Name)) };
  const found = parameters.filter(({ Name }) => Name.startsWith(Path));
  const from = Number(NextToken);
  // Not decrypted, a secure string is what nobody can read.
  const page = found.slice(from, from + 10).map((one) => ({
    LastModifiedDate: 0,
    ...one,
    ...(one.Type === 'SecureString' && { Value: 'encrypted' }),
  }));
  return { Parameters: page, ...(from + 10 < found.length && { NextToken: String(from + 10) }) };
}
