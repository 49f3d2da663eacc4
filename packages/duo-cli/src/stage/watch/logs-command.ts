import { command } from '../../operator/command';

/** The command that prints the errors of a service's functions, of an account's runs if one is given, for messages. */
export function logsCommand(service: string, stage: string, account?: string): string {
  const of = account === undefined ? '' : ` --account ${account}`;
  return `${command} logs ${service} --stage ${stage}${of} --errors`;
}
