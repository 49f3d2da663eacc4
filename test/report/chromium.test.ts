import { expect, test } from '@jest/globals';
import { findChromium } from '../../tools/chromium';

test('where a browser cannot be found, it says how to get one, and never goes on without', () => {
  expect(() => findChromium({ CHROMIUM: '/nowhere/chromium' })).toThrow(
    'CHROMIUM names /nowhere/chromium, and there is no such file.',
  );
  expect(findChromium({ CHROMIUM: __filename })).toBe(__filename);
  // Beside those of a path, it knows only places of other systems than the one that CI has.
  if (process.platform === 'linux')
    expect(() => findChromium({ PATH: '/nowhere' })).toThrow(
      /There is no Chromium on this machine.* apt-get install chromium/,
    );
});
