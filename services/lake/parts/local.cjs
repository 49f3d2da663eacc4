// The environment of the stage `local`: the directory that the log types collect into, and a place that is nobody's.
const { environment } = require('../../../settings/local.cjs');
const logTypes = require('./log-types.cjs');

module.exports = async (framework) => {
  const { names, mapped } = await logTypes(framework);
  return {
    ...(environment.STORE_URL !== undefined && { STORE_URL: environment.STORE_URL }),
    LOG_TYPES: names,
    MAPPED_LOG_TYPES: mapped,
    LAKE_REGION: 'us-east-1',
    LAKE_ACCOUNT: '000000000000',
  };
};
