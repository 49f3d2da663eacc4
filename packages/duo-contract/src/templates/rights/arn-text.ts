import * as z from 'zod/mini';

/** What a CloudFormation value will be, with what is known only later in braces: `{import duo-storage-dev-BucketArn}/logs/*`. */
export function arnText(value: unknown): string {
  if (typeof value === 'string') return value;
  const result = intrinsic.safeParse(value);
  if (!result.success) return JSON.stringify(value);
  const one = result.data;
  if ('Fn::Join' in one) return one['Fn::Join'][1].map(arnText).join(one['Fn::Join'][0]);
  if ('Fn::Sub' in one) return one['Fn::Sub'];
  if ('Fn::GetAtt' in one) return `{${one['Fn::GetAtt'].join('.')}}`;
  if ('Fn::ImportValue' in one) return `{import ${one['Fn::ImportValue']}}`;
  return `{${one.Ref}}`;
}

const intrinsic = z.union([
  z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
  z.strictObject({ 'Fn::Sub': z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.array(z.string()) }),
  z.strictObject({ 'Fn::ImportValue': z.string() }),
  z.strictObject({ Ref: z.string() }),
]);
