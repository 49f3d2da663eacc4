import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportName, stackName } from '../../../packages/duo-cli/src/stage/names';
import { startAws } from '../../../packages/duo-cli/test/support/aws';
import { openTerminal } from '../../../test/terminal/terminal';

const root = join(__dirname, '../../..');
const bucket = 'example-duo-logs';

/** A stage whose bucket holds what lies in a folder, and the moment (ms) at which somebody looks at it. */
interface Looked {
  readonly stage: string;
  readonly folder: string;
  readonly services: readonly string[];
  readonly at: number;
}

/** Types a command into a terminal of 80 columns; resolves to every character that came by. The AWS that it asks is on the loopback. */
export async function typeInto({ stage, folder, services, at }: Looked, command: string): Promise<string> {
  const aws = await startAws();
  aws.exports.set(exportName(stage, 'BucketName'), bucket);
  for (const service of services) aws.stacks.add(stackName(service, stage));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const key = `${bucket}${path.slice(folder.length)}`;
    aws.objects.set(key, readFileSync(path, key.endsWith('.gz') ? 'latin1' : 'utf8'));
    aws.putAt.set(key, at - 60_000);
  }
  const terminal = openTerminal(root, {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    npm_config_update_notifier: 'false',
    NODE_OPTIONS: `--require "${join(root, 'tools/bent-time.cjs')}"`,
    CLOCK_SHIFT_MS: String(Date.now() - at),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...aws.env,
  });
  try {
    await terminal.run(command);
    return terminal.everything();
  } finally {
    await terminal.close();
    aws.close();
  }
}
