import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBill } from '../../tools/sbom/bill';
import { noticesOf } from '../../tools/sbom/notices';
import { ourLicence, ourPackages } from '../../tools/sbom/ours';
import { commandBundle } from './bundle';

/**
 * Builds `duo-logs`, and puts the licences of what is bundled beside it, since those who get it do not get the packages:
 * `pnpm pack` calls it.
 */
async function build(): Promise<void> {
  const { bill } = await makeBill(commandBundle());
  const notices = noticesOf(bill, ourPackages(), ourLicence());
  writeFileSync(join(__dirname, 'dist/THIRD-PARTY-LICENCES.txt'), notices);
}

void build();
