import * as z from 'zod/mini';
import type { Resource } from './aws';
import { stackOf, type World } from './world';

/** What is deployed. */
export interface Deployed {
  readonly resources: readonly Resource[];
  readonly templates: ReadonlyMap<string, string>;
}

/** Looks at all stacks. */
export async function lookAt({ aws, services }: World): Promise<Deployed> {
  const stacks = services.map((service) => stackOf(service));
  const resources = await Promise.all(stacks.map((stack) => aws.resources(stack)));
  const templates = await Promise.all(
    stacks.map(async (stack) => [stack, await aws.template(stack)] as const),
  );
  return { resources: resources.flat(), templates: new Map(templates) };
}

/** What tells a resource from one that was made in its place. */
export function identity({ stack, LogicalResourceId, PhysicalResourceId }: Resource): string {
  return `${stack} ${LogicalResourceId} ${PhysicalResourceId}`;
}

/** Throws if anything was made, touched or removed in between. */
export function assertSame(before: Deployed, after: Deployed): void {
  const touched = (state: Deployed) =>
    state.resources.map((resource) => `${identity(resource)} ${resource.Timestamp.toISOString()}`);
  const [old, now] = [new Set(touched(before)), new Set(touched(after))];
  const changed = [
    ...changedResources(before, after),
    ...[...now].filter((resource) => !old.has(resource)),
    ...[...old].filter((resource) => !now.has(resource)),
  ];
  if (changed.length > 0) throw new Error(`these resources changed:\n${changed.join('\n')}`);
}

/** The resources whose templates differ. */
export function changedResources(before: Deployed, after: Deployed): string[] {
  const shape = z.object({ Resources: z.record(z.string(), z.unknown()) });
  return [...after.templates].flatMap(([stack, text]) => {
    const old = shape.parse(JSON.parse(before.templates.get(stack) ?? '{"Resources":{}}')).Resources;
    const { Resources } = shape.parse(JSON.parse(text));
    return [...new Set([...Object.keys(old), ...Object.keys(Resources)])]
      .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(Resources[name]))
      .map((name) => `${stack} ${name}`);
  });
}
