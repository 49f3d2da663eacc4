import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from '@jest/globals';

/** What the framework hands to a file that supplies values. */
interface Framework {
  resolveVariable(name: string): Promise<string>;
  resolveConfigurationProperty(path: string[]): Promise<string>;
}

/** The file that the services' YAML reads the settings with. */
export const readSettings: {
  (framework: Framework): Promise<Record<string, unknown>>;
  readonly keys: readonly string[];
} = require('../../settings/settings.cjs');

/** Where the settings of the stage `prod` are, for a test. */
export interface Place {
  /** The folder of the stages' files. */
  readonly folder: string;
  /** The stage's own file, which is not there until a test writes it. */
  readonly file: string;
}

/** Reads the settings from a folder of its own while the tests of a file run. */
export function ownSettings(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'duo-settings-'));
  const file = join(folder, 'prod.yml');
  beforeEach(() => {
    process.env.SETTINGS_FOLDER = folder;
    rmSync(file, { force: true });
  });
  afterAll(() => {
    delete process.env.SETTINGS_FOLDER;
    rmSync(folder, { recursive: true });
  });
  return { folder, file };
}

/** Reads what a service is deployed with at a stage whose file is the text that is given. */
export function settingsIn({ folder }: Place) {
  return (text: string, { stage = 'prod', service = 'duo-storage' } = {}) => {
    writeFileSync(join(folder, `${stage}.yml`), text);
    return readSettings({
      resolveVariable: async () => stage,
      resolveConfigurationProperty: async () => service,
    });
  };
}
