import { mapping, phoneNumber } from 'duo-ocsf';
import { telephony } from './log-type';

/**
 * One record as an OCSF event: docs/ocsf.md has its table. No class of 1.1.0 is of calls and texts, and a login is already one
 * event of the authentication log: it is a base event.
 */
export const toOcsf = mapping(telephony, (raw) => {
  const phone = raw.text('phone');
  return {
    class_uid: 0,
    activity_id: 99,
    activity_name: raw.text('type'),
    observables: phone === undefined ? [] : [phoneNumber('unmapped.phone', phone.value)],
    time: raw.time('timestamp', 's'),
    metadata: { correlation_uid: raw.text('txid'), event_code: raw.text('context') },
  };
});
