import { ask } from './operator/ask';
import { thisProcess } from './operator/world';
import { run } from './run';
import { useProxy } from './stage/proxy';

// Node.js 20 is fine here; the deployed runtime is newer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Whoever reads what is printed may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

useProxy(process.env);
void run(process.argv.slice(2), thisProcess(ask)).then((exitCode) => {
  process.exitCode = exitCode;
});
