import { join } from 'node:path';
import { installMoto } from '../../tools/moto';

/** Before all tests, once, and without their time limit: a download takes as long as it takes. */
export default function setUp(): void {
  installMoto(join(__dirname, '../../.local'));
}
