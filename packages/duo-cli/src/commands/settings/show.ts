import type { Command } from '@commander-js/extra-typings';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { explainedSettings } from '../../stage/explained-settings';
import { readStage } from '../../stage/stage';

type Explained = Awaited<ReturnType<typeof explainedSettings>>;
type Setting = Explained['settings'][number];

/** `settings show`: what a deployment of a stage would go by, and where each of it comes from. */
export function addSettingsShow(settings: Command, world: World): void {
  settings
    .command('show')
    .description('Shows each setting of a stage and where it comes from. Does not ask AWS.')
    .requiredOption('--stage <stage>', 'the stage: the name given to sls deploy --stage', readStage)
    .option('--json', 'print them as JSON')
    .addHelpText('after', help)
    .action(async ({ stage, json }) => {
      const explained = await explainedSettings(stage);
      world.print(json ? `${JSON.stringify(explained)}\n` : groups(explained).join('\n'));
    });
}

/** A group of lines for each place that settings come from. */
function groups({ stageFile, found, defaultFile, settings }: Explained): string[] {
  const places: [string, string][] = [
    [stageFile, found ? stageFile : `There is no ${stageFile}.`],
    [defaultFile, defaultFile],
    ['built-in', 'Built in: no file sets these'],
    ['derived', 'Derived from these'],
  ];
  return places.map(([place, title]) => {
    const lines = settings.filter(({ from }) => from === place).map(lineOf);
    const none = place === stageFile && found && lines.length === 0 ? '  (sets nothing)\n' : '';
    return `${title}\n${none}${lines.join('')}`;
  });
}

function lineOf({ name, value, note }: Setting): string {
  const remark = value === null || note === undefined ? '' : ` (${note})`;
  const line = `  ${name}: ${value ?? note}${remark}`;
  if (!Array.isArray(value) && line.length <= 80) return `${line}\n`;
  // What is long, as an ARN is, or may be, as a list, has lines of its own.
  return `  ${name}:\n${[value]
    .flat()
    .map((one) => `    ${one}${remark}\n`)
    .join('')}`;
}

const help = `
The settings come from this checkout, or from the folder SETTINGS_FOLDER. The
deployed stage may differ from them until the next deployment.

  ${command} settings show --stage prod
  ${command} settings show --stage prod --json`;
