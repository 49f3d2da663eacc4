import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { regionOf } from './aws';

/** Those that ask Duo, also where a store alone is named. */
const askDuo = ['backfill', 'collect', 'credentials check', 'credentials put', 'doctor', 'verify'];

/** Some host of each side that a command is about to ask over https: Duo and AWS, but for what stands in their place. */
export function askedHosts(action: CommandUnknownOpts, env: NodeJS.ProcessEnv): string[] {
  const { stage, store, from, objects } = action.opts();
  const family = action.parent?.parent ? `${action.parent.name()} ` : '';
  // It has a stage and asks nobody.
  if (family === 'settings ') return [];
  const asksDuo = askDuo.includes(`${family}${action.name()}`) && !env.DUO_API_URL;
  const asksAws = (stage !== undefined || [store, from, objects].some(isBucket)) && !env.AWS_ENDPOINT_URL;
  return [
    ...(asksDuo ? ['api-xxxxxxxx.duosecurity.com'] : []),
    ...(asksAws ? [`sts.${regionOf(env)}.amazonaws.com`] : []),
  ];
}

function isBucket(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('s3:');
}
