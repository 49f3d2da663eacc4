/** Where the compose file is, from the root. */
export const composeFile = 'serverless-compose.yml';

/** The names of the services in a compose file's text, in its order. */
export function composeNames(compose: string): string[] {
  return entries(compose).map(({ name }) => name);
}

/**
 * The compose file's text with an entry for a log type, behind the names that come before it in the alphabet. All else
 * stays as it is, comments included.
 */
export function withEntry(compose: string, name: string): string {
  const before = entries(compose).findLast((entry) => entry.name === 'storage' || entry.name < name);
  if (before === undefined) throw new TypeError(`${composeFile} has no entry "storage" to add others to`);
  const entry = `\n  ${name}:\n    path: services/${name}\n    dependsOn: storage\n`;
  return compose.slice(0, before.end) + entry + compose.slice(before.end);
}

function entries(compose: string) {
  return [...compose.matchAll(/^ {2}([\w-]+):\n(?: {4}.*\n)*/gm)].map((match) => ({
    name: match[1] ?? '',
    end: match.index + match[0].length,
  }));
}
