import type { ToOcsf } from './mapping';

/**
 * A record as a base event, which every record can become (https://schema.ocsf.io/1.1.0/base_event), with its whole text, and what was
 * wrong with it. `time` in ms, 0 where it is not known.
 */
export function baseEvent(
  text: string,
  logType: string,
  account: string | undefined,
  time: number,
  problems: readonly string[],
) {
  return {
    activity_id: 99,
    category_uid: 0,
    class_uid: 0,
    metadata: {
      log_name: logType,
      labels: account === undefined ? undefined : [`account:${account}`],
      product: { name: 'Duo', vendor_name: 'Cisco' },
      version: '1.1.0',
    },
    raw_data: text,
    severity_id: 1,
    status_detail: problems.length > 0 ? problems.join('; ') : undefined,
    time,
    type_uid: 99,
  };
}

/** The mapping of a log type that has none of its own. It knows no time: its events are filed under the days of their objects. */
export function baseEvents(logType: string): ToOcsf {
  return (text, account) => ({ event: baseEvent(text, logType, account, 0, []), problems: [] });
}
