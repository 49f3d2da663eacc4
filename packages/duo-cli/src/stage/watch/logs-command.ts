import { command } from '../../operator/command';

/** The command that prints the errors of a log's functions, for messages. */
export function logsCommand(logType: string, stage: string): string {
  return `${command} logs ${logType} --stage ${stage} --errors`;
}
