import { networkActions } from 'duo-contract/templates';
import type { FoundLog } from 'duo-simulator';
import * as z from 'zod/mini';
import type { Network } from './aws';
import { changedResources, identity, lookAt } from './deployed';
import { step } from './step';
import { stackOf, stage, type World } from './world';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.optional(z.looseObject({ VpcConfig: z.optional(z.unknown()) })),
    }),
  ),
});

/**
 * Shows that a log's functions are put into a network and taken out of it, in place, and that its roles may then do what that
 * takes, and no longer. `settings` writes the stage's. ministack's CloudFormation keeps no network of a function and connects
 * it to none: what it was given is looked at.
 */
export async function showNetwork(
  world: World,
  { logType }: FoundLog,
  settings: (more: string) => void,
): Promise<void> {
  const { aws, project } = world;
  const stack = stackOf(logType.name);

  async function deploy(more: string) {
    settings(more);
    await project.run(['sls', `${logType.name}:deploy`, '--stage', stage]);
    const state = await lookAt(world);
    const { Resources } = template.parse(JSON.parse(state.templates.get(stack) ?? ''));
    const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const roles = state.resources.filter(
      (one) => one.stack === stack && /^(Collect|Reconcile)Role$/.test(one.LogicalResourceId),
    );
    const allowed = await Promise.all(
      roles.map(({ PhysicalResourceId }) => aws.allowedActions(PhysicalResourceId, networkActions)),
    );
    return { state, allowed, networks: functions.map(({ Properties }) => Properties?.VpcConfig) };
  }

  await step(`sls ${logType.name}:deploy with a vpc, and without it again`, async () => {
    const before = await lookAt(world);
    const network = await aws.createNetwork();
    const inside = await deploy(`vpc: ${JSON.stringify(network)}\n`);
    expectSame('the networks of the functions', inside.networks, [configOf(network), configOf(network)]);
    expectSame('what the roles may do there', inside.allowed, [networkActions, networkActions]);
    const { failed, result } = await aws.invoke(`${stack}-collect`);
    if (failed) throw new Error(`in a network, the function failed: ${JSON.stringify(result)}`);

    const outside = await deploy('');
    expectSame('the networks of the functions', outside.networks, [undefined, undefined]);
    expectSame('what the roles may do there', outside.allowed, [[], []]);
    const identities = ({ state }: typeof inside) => state.resources.map(identity).sort();
    expectSame('the resources', identities(inside), before.resources.map(identity).sort());
    expectSame('the resources', identities(outside), before.resources.map(identity).sort());
    const changed = changedResources(before, inside.state).map((one) => one.replace(`${stack} `, ''));
    return [
      undefined,
      `changed in place: ${changed.join(', ')}; that ministack connects no function to a network, and asks no role for it, is not made up for`,
    ];
  });
}

function configOf({ subnetIds, securityGroupIds }: Network) {
  return { SecurityGroupIds: securityGroupIds, SubnetIds: subnetIds };
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}
