import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBill } from '../tools/sbom/bill';
import { bundles } from '../tools/sbom/bundles';
import { licenceProblems } from '../tools/sbom/licences';
import { noticesOf } from '../tools/sbom/notices';
import { ourLicence, ourPackages } from '../tools/sbom/ours';

const folder = join(__dirname, '../.local/sbom');

/** Writes the bill of materials of each bundle, and the licences that go with it; fails if one is not allowed. */
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const problems: string[] = [];
  const ours = ourPackages();
  for (const [name, options] of Object.entries(bundles())) {
    const { bill, json } = await makeBill(options);
    writeFileSync(join(folder, `${name}.cdx.json`), json);
    writeFileSync(join(folder, `${name}.licences.txt`), noticesOf(bill, ours, ourLicence()));
    const found = licenceProblems(bill, ours);
    problems.push(...found.map((one) => `${name}: ${one}.`));
    const others = bill.components.filter((one) => !ours.has(one.name)).length;
    process.stdout.write(
      `${name}: ${others} third-party packages, ${found.length} with a licence that is not allowed\n`,
    );
  }
  process.stdout.write(`Bills of materials (CycloneDX 1.6) and licences are in ${folder}.\n`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
