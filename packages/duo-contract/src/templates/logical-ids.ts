import type { Template } from './template';

/**
 * The logical ids that are of one type in one template and of another in the next, each with its types. Between two settings of a
 * stack there may be none: CloudFormation refuses to change a resource's type.
 */
export function idsOfSeveralTypes(templates: readonly Template[]): string[] {
  const types = new Map<string, Set<string>>();
  for (const { Resources } of templates) {
    for (const [id, { Type }] of Object.entries(Resources))
      types.set(id, (types.get(id) ?? new Set()).add(Type));
  }
  return [...types]
    .filter(([, several]) => several.size > 1)
    .map(([id, several]) => `${id}: ${[...several].sort().join(', ')}`);
}
