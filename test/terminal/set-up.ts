import { join } from 'node:path';
import { findMinistack } from '../deploy/local-aws';

/** Before all tests, once, and without their time limit: a download takes as long as it takes. */
export default function setUp(): void {
  findMinistack(join(__dirname, '../../.local'));
}
