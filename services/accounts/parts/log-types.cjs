// The log types of this checkout, of which the starter learns from Lambda whether the stage has them: their names, and the ARNs of
// their functions.
const { logTypes } = require('../../../settings/schema.cjs');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const names = logTypes.toSorted();
  return {
    names: names.join(','),
    // One by one: a pattern for the stage `eu` would also be one for the stage `prod-eu`.
    functions: names.flatMap((name) =>
      ['collect', 'reconcile'].map((work) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:duo-${name}-${stage}-${work}`,
      })),
    ),
  };
};
