// What editors complete and check settings/*.yml with: settings.schema.json beside this, which `npx pnpm settings:schema` writes.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const z = require('zod/mini');
const { schema } = require('./schema.cjs');

/**
 * The JSON schema of a settings file, from what deployments validate it with. Draft 7, which yaml-language-server knows whole. It
 * allows what only several values at once forbid, and any name of a log type: those are folders of services/.
 */
module.exports.jsonSchema = function jsonSchema() {
  const title = 'Settings of a stage of the Duo log collector';
  return { ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }), title };
};

if (require.main === module) {
  const text = `${JSON.stringify(module.exports.jsonSchema(), null, 2)}\n`;
  writeFileSync(join(__dirname, 'settings.schema.json'), text);
}
