// The log types of this checkout, whose objects are turned: their names, those that have a mapping to OCSF, and where the state of
// the lake lies of each.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { logTypes } = require('../../../settings/schema.cjs');

const services = join(__dirname, '../..');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const names = logTypes.toSorted();
  const bucket = { 'Fn::ImportValue': `duo-storage-${stage}-BucketArn` };
  return {
    names: names.join(','),
    mapped: names.filter((name) => existsSync(join(services, name, 'src/ocsf.ts'))).join(','),
    // One by one: a star in place of the log type would also be one for a longer path.
    states: names.flatMap((name) =>
      ['lake', 'accounts/*/lake'].map((folder) => ({
        'Fn::Join': ['', [bucket, `/state/${name}/${folder}/*`]],
      })),
    ),
  };
};
