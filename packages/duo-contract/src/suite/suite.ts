import { describe } from '@jest/globals';
import type { LogType } from 'duo-core';
import { accountTests } from './account';
import { child } from './child';
import { collectingTests } from './collecting';
import { folderTests } from './folder';
import { goingWrongTests } from './going-wrong';
import { killedPassTests } from './killed-passes';
import { reconcilingTests } from './reconciling';
import { createSubject } from './subject';

/**
 * The tests that every log type passes: whatever its paging style, each record arrives once, also a late one, and whatever goes
 * wrong on the way; and its folder (an absolute path) is a service like the others. For Jest; call it once, at the top of a test file.
 */
export function contractSuite(logType: LogType, folder: string): void {
  describe(logType.name, () => {
    const subject = createSubject(logType, folder);
    collectingTests(subject);
    goingWrongTests(subject);
    reconcilingTests(subject);
    killedPassTests(subject);
    folderTests(subject);
  });

  describe(`${logType.name} of an account`, () => {
    const subject = createSubject(logType, folder, child);
    collectingTests(subject);
    goingWrongTests(subject);
    reconcilingTests(subject);
    killedPassTests(subject);
    accountTests(subject);
  });
}
