import { command } from '../../operator/command';
import { plural } from '../../operator/words';

/** When what was added is collected, or what that still takes; `settings` are undefined outside of the checkout. */
export function whenCollected(
  stage: string,
  settings: { readonly accounts: boolean } | undefined,
  added = 1,
): string {
  if (settings !== undefined && !settings.accounts)
    return `The settings of ${stage} do not say accounts: true. Set it, and deploy: npx pnpm sls deploy --stage ${stage}\n`;
  const what = added === 1 ? 'it is' : `${plural(added, 'account')} are`;
  const where = settings === undefined ? `, where ${stage} is deployed with accounts: true` : '';
  return `Within five minutes ${what} collected${where}: ${command} accounts list --stage ${stage}\n`;
}
