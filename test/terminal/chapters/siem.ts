import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

/** What Google SecOps is told. */
export const siem: Chapter = (scene) => {
  test('feed says what to enter, with the bucket of the stage', async () => {
    const { place, terminal } = scene();
    const { text } = await terminal.run(`npx pnpm duo feed telephony --stage ${stage}`);
    expect(text).toContain(`s3://${await place.bucket()}/logs/telephony/`);
  });

  test('udm prints events, and whoever has seen enough ends it', async () => {
    const { text } = await scene().terminal.run(
      'npx pnpm duo udm telephony collected/logs/telephony/*/*/*/*.gz | head -n 2',
    );
    expect(text.match(/"event_type"|"eventType"/g)).toHaveLength(2);
  });
};
