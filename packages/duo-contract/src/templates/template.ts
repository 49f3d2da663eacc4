import * as z from 'zod/mini';

/** A CloudFormation template, as far as the checks look at it. */
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      DeletionPolicy: z.optional(z.string()),
      UpdateReplacePolicy: z.optional(z.string()),
      DependsOn: z.optional(z.union([z.string(), z.array(z.string())])),
      Properties: z._default(z.record(z.string(), z.unknown()), {}),
    }),
  ),
});

/** A parsed CloudFormation template. */
export type Template = z.infer<typeof templateSchema>;

/** One of its resources. */
export type Resource = Template['Resources'][string];

/** What a resource is made of. */
export type Properties = Resource['Properties'];

/** Parses a packaged template. */
export function parseTemplate(json: string): Template {
  return templateSchema.parse(JSON.parse(json));
}

/** The properties of all resources of a type. */
export function ofType({ Resources }: Template, type: string): Properties[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}

/** What is wrong with the resources of a type, each fault behind the name of its resource. */
export function each(
  template: Template,
  type: string,
  faultsOf: (resource: Resource, id: string) => string[],
): string[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? faultsOf(resource, id).map((fault) => `${id}: ${fault}`) : [],
  );
}

/** The members of a value; none where it is no object. */
export function record(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
}

/** A fault, unless something holds. */
export function unless(holds: boolean, fault: string): string[] {
  return holds ? [] : [fault];
}
