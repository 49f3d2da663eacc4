import { actionKind, mapping } from 'duo-ocsf';
import { offlineEnrollment } from './log-type';

/** One record as an OCSF event: docs/ocsf.md has its table. A factor for offline logins is one of the account. */
export const toOcsf = mapping(offlineEnrollment, (raw) => {
  const action = raw.text('action');
  const kind = actionKind(action?.value);
  const description = raw.json('description');
  return {
    class_uid: 3001,
    activity_id: kind.class_uid === 3001 ? kind.activity_id : 99,
    status_id: 1,
    time: raw.time('isotimestamp', 'iso'),
    metadata: { event_code: action, original_time: raw.text('isotimestamp') ?? raw.text('timestamp') },
    device: { hostname: description.text('hostname'), type_id: 0 },
    http_request: { user_agent: description.text('user_agent') },
    user: { name: raw.text('username'), type_id: 1 },
  };
});
