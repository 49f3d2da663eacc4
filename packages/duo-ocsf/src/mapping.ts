import type { LogType } from 'duo-core';
import { exactJson } from './exact-json';
import type { Draft, Found } from './found';
import { observables } from './observables';
import { type RawRecord, rawRecord, rest } from './raw-record';
import { type ClassUid, classes, type Events, type Metadata, type OcsfEvent, ocsfVersion } from './schema';
import { type Settled, settle } from './settle';
import type { ClassShape } from './shape';

/** What a record became. */
export interface Mapped {
  readonly event: OcsfEvent;
  /** What was wrong with the record, in words that repeat nothing of it; `status_detail` has them as well. */
  readonly problems: readonly string[];
}

/**
 * Maps a record, given by its exact text, to an event; `account` is its name where a stage collects several. Never throws:
 * what fits no class becomes a base event, and each event has the whole text as `raw_data`.
 */
export type ToOcsf = (record: string, account?: string) => Mapped;

/** What `mapping` writes into each event by itself. */
type Own =
  | 'activity_id'
  | 'category_name'
  | 'category_uid'
  | 'class_name'
  | 'class_uid'
  | 'metadata'
  | 'raw_data'
  | 'time'
  | 'type_name'
  | 'type_uid'
  | 'unmapped';

/**
 * An event as a mapping writes it down. It is of severity 1 (informational) unless it says otherwise; the activity 99 (other)
 * has the record's `metadata.event_code` as its name.
 */
export type EventDraft = {
  [Uid in ClassUid]: Draft<Omit<Events[Uid], Own>> & {
    readonly class_uid: Uid;
    readonly activity_id: Events[Uid]['activity_id'];
    readonly metadata?: Draft<Partial<Metadata>>;
    /** The time, where the field of the log's descriptor has none. */
    readonly time?: Found<number> | undefined;
  };
}[ClassUid];

/** The mapping of a log, from what it makes of a record that is an object. */
export function mapping(logType: LogType, draftOf: (raw: RawRecord) => EventDraft): ToOcsf {
  return (record, account) => {
    const given = { logType, record, account };
    const json = exactJson(record);
    if (json === undefined) return withoutFields(given, 'the record is not JSON');
    const { value, plain, isInexact } = json;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return withoutFields(given, 'the record is not a JSON object');
    }
    const opened = new Set<string>();
    const raw = rawRecord(value, opened);
    const draft = draftOf(raw);
    const { field, unit } = logType.time;
    const time = raw.time(field, unit) ?? draft.time;
    const drift = logType.schema.safeParse(plain).error?.issues[0];
    const problems = [
      ...(time === undefined ? [`${field} is missing, or not ${wanted[unit]}`] : []),
      ...(isInexact ? ['a number has more digits than can be kept, and is a text'] : []),
      ...(drift === undefined
        ? []
        : [`${drift.path.map(String).join('.') || 'the record'} is not what Duo documents`]),
    ];
    const metadata = {
      original_time: raw.text(field) ?? raw.text(draft.time?.from[0] ?? ''),
      uid: logType.id === undefined ? undefined : raw.text(logType.id),
      ...draft.metadata,
    };
    return finished(given, { value, opened }, { ...draft, metadata, time }, problems);
  };
}

const wanted = {
  iso: 'an ISO 8601 time with a zone',
  s: 'a time in s since 1970',
  ms: 'a time in ms since 1970',
};

/** What there is to map. */
interface Given {
  readonly logType: LogType;
  readonly record: string;
  readonly account: string | undefined;
}

/** What a record has, and the paths at which JSON was read in it. */
interface Fields {
  readonly value: object;
  readonly opened: ReadonlySet<string>;
}

/** The event of a text that has no fields. */
function withoutFields(given: Given, problem: string): Mapped {
  return finished(given, { value: {}, opened: new Set() }, { class_uid: 0, activity_id: 0 }, [problem]);
}

function finished(given: Given, fields: Fields, drafted: EventDraft, wrong: readonly string[]): Mapped {
  const { logType, record, account } = given;
  const draft = { ...drafted, severity_id: drafted.severity_id ?? 1 };
  const common = (shape: ClassShape) => ({
    time: draft.time ?? 0,
    type_uid: draft.class_uid * 100 + draft.activity_id,
    activity_name: draft.activity_name ?? (draft.activity_id === 99 ? draft.metadata?.event_code : undefined),
    metadata: {
      log_name: logType.name,
      ...draft.metadata,
      labels: account === undefined ? undefined : [`account:${account}`],
      product: { feature: { name: feature(logType) }, name: 'Duo', vendor_name: 'Cisco' },
      profiles: shape.profiles.length > 0 ? shape.profiles : undefined,
      version: ocsfVersion,
    },
    ...(wrong.length > 0 ? { status_detail: wrong.join('; ') } : {}),
  });
  const shape: ClassShape = classes[draft.class_uid];
  const settled = settle(shape, { ...draft, ...common(shape) });
  if (!('landed' in settled)) {
    if (draft.class_uid === 0) throw new Error(`a base event cannot be without ${settled.join(', ')}`);
    const problem = `it has no ${settled.join(', no ')}, which the class ${draft.class_uid} needs`;
    return finished(given, fields, asBase(drafted), [...wrong, problem]);
  }
  return { event: eventOf(shape, settled, record, fields), problems: wrong };
}

/** The same as a base event: what that class does not have is left to `unmapped`. */
function asBase({
  metadata,
  time,
  message,
  severity_id,
  status_code,
  status_id,
  observables,
}: EventDraft): EventDraft {
  // The numbers of a finding's status mean something else.
  const status = status_id === 1 || status_id === 2 ? { status_code, status_id } : {};
  return {
    class_uid: 0,
    activity_id: 99,
    metadata: metadata ?? {},
    time,
    message,
    severity_id,
    observables,
    ...status,
  };
}

function eventOf(shape: ClassShape, { value, landed }: Settled, record: string, fields: Fields): OcsfEvent {
  const most = longestRaw(record);
  const unmapped = {
    ...rest(fields.value, landed, fields.opened),
    ...(most < record.length ? { raw_data_rest: record.slice(most) } : {}),
  };
  const { observables: more, ...others } = value;
  // Of those that the mapping names, some may have had a value that does not fit.
  const whole = Array.isArray(more) ? more.filter((one) => 'value' in one) : [];
  const seen = [...observables(shape, others), ...whole];
  const [className = ''] = String(value.type_name).split(': ');
  const event = {
    ...others,
    class_name: className,
    ...(seen.length > 0 ? { observables: seen } : {}),
    raw_data: record.slice(0, most),
    ...(Object.keys(unmapped).length > 0 ? { unmapped } : {}),
  };
  // Each field has been placed by its shape, which is made from the same definition as the type; the tests hold every event
  // to OCSF's own schema.
  return event as unknown as OcsfEvent;
}

/** Where `raw_data` ends, which may have 65,535 characters: not within a pair. */
function longestRaw(record: string): number {
  const most = 65_535;
  if (record.length <= most) return record.length;
  return /[\uD800-\uDBFF]/.test(record.charAt(most - 1)) ? most - 1 : most;
}

/** The log's name as prose has it. */
function feature({ name }: LogType): string {
  const words = name.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
