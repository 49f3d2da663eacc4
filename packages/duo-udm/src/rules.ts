import type { EventType, Noun, UdmEvent } from './udm-schema';

/** The rule of every event that has a principal. */
export const principalRule = 'principal needs a machine or a user';

/**
 * The rules of UDM that an event breaks, each as a sentence; the parsers of Google SecOps break some themselves. From
 * https://docs.cloud.google.com/chronicle/docs/unified-data-model/udm-usage, as far as docs/udm.md says that it is known;
 * of the types that are not in `needsOf`, nothing is.
 */
export function brokenRules(event: UdmEvent): string[] {
  const { eventType } = event.metadata;
  const { principal } = event;
  const broken = (needsOf[eventType] ?? [])
    .filter((need) => !needs[need](event))
    .map((need) => `${eventType} needs ${need}`);
  if (principal !== undefined && !isMachine(principal) && principal.user === undefined) {
    broken.unshift(principalRule);
  }
  return broken;
}

const needs = {
  'a principal': ({ principal }: UdmEvent) => principal !== undefined,
  'a machine as principal': ({ principal }: UdmEvent) => isMachine(principal),
  'a machine as principal or target': ({ principal, target }: UdmEvent) =>
    isMachine(principal) || isMachine(target),
  'principal.user': ({ principal }: UdmEvent) => principal?.user !== undefined,
  'a target': ({ target }: UdmEvent) => target !== undefined,
  'target.user': ({ target }: UdmEvent) => target?.user !== undefined,
  'the name of target.group': ({ target }: UdmEvent) => target?.group?.groupDisplayName !== undefined,
  'the name or id of target.resource': ({ target }: UdmEvent) =>
    (target?.resource?.name ?? target?.resource?.id ?? target?.resource?.productObjectId) !== undefined,
};

const onGroup = ['a principal', 'the name of target.group'] as const;
const onResource = ['a principal', 'the name or id of target.resource'] as const;

const needsOf: Partial<Record<EventType, readonly (keyof typeof needs)[]>> = {
  EMAIL_TRANSACTION: ['a principal', 'a target'],
  GROUP_CREATION: onGroup,
  GROUP_DELETION: onGroup,
  GROUP_MODIFICATION: onGroup,
  GROUP_UNCATEGORIZED: onGroup,
  RESOURCE_CREATION: onResource,
  RESOURCE_DELETION: onResource,
  RESOURCE_PERMISSIONS_CHANGE: onResource,
  RESOURCE_READ: onResource,
  RESOURCE_WRITTEN: onResource,
  STATUS_UPDATE: ['a machine as principal'],
  USER_CHANGE_PASSWORD: ['target.user'],
  USER_CHANGE_PERMISSIONS: ['target.user'],
  USER_COMMUNICATION: ['principal.user'],
  USER_CREATION: ['target.user'],
  USER_LOGIN: ['target.user', 'a machine as principal or target'],
  USER_RESOURCE_DELETION: onResource,
  USER_UNCATEGORIZED: ['a machine as principal', 'target.user'],
};

function isMachine(noun: Noun | undefined): boolean {
  return (noun?.hostname ?? noun?.ip ?? noun?.asset?.productObjectId) !== undefined;
}
