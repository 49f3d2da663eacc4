import * as udm from 'duo-udm';
import { eventTypeOf } from './event-types';

/** One record as the parser of DUO_ACTIVITY maps it: docs/udm.md has its table. */
export function toUdm(record: unknown): udm.UdmEvent {
  const raw = udm.rawRecord(record);
  // A plain string in the log's public preview.
  const action = raw.text('action.name') ?? raw.text('action');
  const actor = raw.json('actor.details');
  const labels = (...paths: string[]) => ({ labels: udm.labels(raw, paths, udm.pathKey) });
  // Documented as JSON in a text, which is what the schema has; objects have been seen as well.
  const details = (path: string) => udm.labels({ text: raw.jsonText }, [`${path}.details`], udm.pathKey);
  const changed = (path: string) => ({
    asset: {
      attribute: labels(`${path}.key`),
      hostname: raw.text(`${path}.name`),
      category: raw.text(`${path}.type`),
    },
    user: { attribute: { labels: details(path) } },
  });
  return udm.udmEvent({
    metadata: {
      eventTimestamp: udm.timestamp(raw, 'ts', 'iso'),
      eventType: eventTypeOf(action),
      vendorName: 'Duo',
      productName: 'Activity',
      productEventType: action,
      productLogId: raw.text('activity_id'),
      logType: 'DUO_ACTIVITY',
    },
    principal: {
      application: raw.text('application.name'),
      asset: {
        productObjectId: raw.text('akey'),
        attribute: labels('access_device.browser', 'access_device.browser_version'),
      },
      ip: [udm.ip(raw.text('access_device.ip.address'))],
      location: udm.location(raw, 'access_device.location'),
      platform: udm.platform(raw.text('access_device.os')),
      platformVersion: raw.text('access_device.os_version'),
      resource: {
        productObjectId: raw.text('application.key'),
        resourceSubtype: raw.text('application.type'),
      },
      user: {
        userid: raw.text('actor.key'),
        userDisplayName: raw.text('actor.name'),
        emailAddresses: [actor.text('email')],
        firstSeenTime: udm.optionalTimestamp(actor, 'created'),
        lastLoginTime: udm.optionalTimestamp(actor, 'last_login'),
        attribute: {
          labels: [
            ...details('action'),
            ...udm.labels(raw, ['actor.type'], udm.pathKey),
            ...udm.labels(actor, ['status', 'group.key', 'group.name'], udm.pathKey),
            ...actor
              .list('groups')
              .flatMap((group) => udm.labels(group, ['key', 'name'], (key) => `group_${key}`)),
          ],
        },
      },
    },
    target: changed('target'),
    about: [changed('old_target')],
    securityResult: [{ actionDetails: raw.text('outcome.result') }],
  });
}
