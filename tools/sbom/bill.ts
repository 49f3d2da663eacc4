import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { type BuildOptions, build } from 'esbuild';
import * as z from 'zod/mini';

const licence = z.union([
  z.object({ license: z.object({ id: z.string() }) }),
  z.object({ license: z.object({ name: z.string() }) }),
  z.object({ expression: z.string() }),
]);

const text = z.object({ content: z.string(), encoding: z.literal('base64') });

const component = z.object({
  group: z.optional(z.string()),
  name: z.string(),
  version: z.optional(z.string()),
  licenses: z._default(z.array(licence), []),
  evidence: z.optional(
    z.object({ licenses: z.optional(z.array(z.object({ license: z.object({ text }) }))) }),
  ),
});

const schema = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.object({ component: z.object({ name: z.string() }) }),
  components: z.array(component),
});

/** What a bundle consists of: the part of a CycloneDX bill of materials that is looked at here. */
export type Bill = z.infer<typeof schema>;

/** A package that something of is in a bundle. */
export type Component = z.infer<typeof component>;

/**
 * Makes a bundle, and from esbuild's own account of it its bill of materials: `json` is the whole, valid by CycloneDX's schema,
 * the same for the same bundle, and with the packages' licence texts.
 */
export async function makeBill(
  options: BuildOptions,
): Promise<{ readonly bill: Bill; readonly json: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'duo-sbom-'));
  const outputFile = join(folder, 'sbom.json');
  const plugin = cyclonedxEsbuildPlugin({
    outputFile,
    outputReproducible: true,
    gatherLicenseTexts: true,
    validate: true,
    // What fails is thrown.
    logLevel: 'silent',
  });
  try {
    await build({ logLevel: 'warning', ...options, plugins: [...(options.plugins ?? []), plugin] });
    const json = readFileSync(outputFile, 'utf8');
    const bill = schema.parse(JSON.parse(json));
    return { bill: { ...bill, components: bill.components.filter((one) => !isDefined(one)) }, json };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a build has put in itself, like a version, which the plugin counts as a component. */
const isDefined = ({ name }: Component) => name.startsWith('VirtualComponent <define:');

/** How a package is called at the registry. */
export function packageName({ group, name }: Pick<Component, 'group' | 'name'>): string {
  return group === undefined ? name : `${group}/${name}`;
}
