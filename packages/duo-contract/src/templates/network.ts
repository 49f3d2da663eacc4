import { arnText } from './rights/arn-text';
import { type Deployment, type FunctionId, networkActions, ownArn } from './rights/grants';
import { statementsOf } from './rights/statements';
import { record, type Template, unless } from './template';

/**
 * What is wrong with the network that a service's functions are in: it is not the one of the settings, Lambda may not connect
 * them to it, or their own code may do what Lambda needs their role for.
 */
export function networkFaults(
  template: Template,
  { name, stage, vpc }: Pick<Deployment, 'name' | 'stage' | 'vpc'>,
  functions: readonly FunctionId[],
): string[] {
  const expected = vpc && { SecurityGroupIds: vpc.securityGroupIds, SubnetIds: vpc.subnetIds };
  return functions.flatMap((id) => {
    const config = template.Resources[`${id}LambdaFunction`]?.Properties.VpcConfig;
    const placed = unless(
      JSON.stringify(config) === JSON.stringify(expected),
      `${id}LambdaFunction: ${vpc === undefined ? 'in a network, which the settings do not name' : 'not in the network of the settings'}`,
    );
    // Without a network, each of these actions is one that the role does not need.
    if (vpc === undefined) return placed;
    const statements = statementsOfRole(template, `${id}Role`);
    const source = ownArn('lambda', `function:duo-${name}-${stage}-${id.toLowerCase()}`);
    const allowed = statements.flatMap(({ Effect, Action = [] }) => (Effect === 'Allow' ? Action : []));
    const denied = statements.flatMap(({ Effect, Action = [], Resource, Condition: condition }) => {
      const isOfItsCode = arnText(condition?.ArnEquals?.['lambda:SourceFunctionArn']) === source;
      return Effect === 'Deny' && isOfItsCode && Resource?.includes('*') ? Action : [];
    });
    return [
      ...placed,
      ...networkActions.flatMap((action) => [
        ...unless(
          allowed.includes(action),
          `${id}Role: ${action} is missing, without which there is no network`,
        ),
        ...unless(denied.includes(action), `${id}Role: ${action} by the function's own code`),
      ]),
    ];
  });
}

/** The statements of a role's own policies; none where there is no such role. */
export function statementsOfRole({ Resources }: Template, role: string) {
  const { Policies } = record(Resources[role]?.Properties);
  return Array.isArray(Policies)
    ? Policies.flatMap((policy) => statementsOf(record(policy).PolicyDocument))
    : [];
}
