import { stageSettings } from './stage-settings';

/**
 * The KMS key that a stage's settings name for its credentials, if any: SSM would go back to its own key where none is
 * named.
 */
export async function credentialsKey(stage: string): Promise<string | undefined> {
  return (await stageSettings(stage)).credentialsKmsKeyArn ?? undefined;
}
