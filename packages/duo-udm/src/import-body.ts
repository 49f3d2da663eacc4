import type { UdmEvent } from './udm-schema';

/**
 * The most that a body has, in bytes. Google publishes no limit of `events:import`; that of the API it replaces was
 * 1 MB, which other senders keep to (https://docs.tenzir.com/changelog/node/v4-32-1).
 */
const mostBytes = 1_000_000;
const [before, after] = ['{"inline_source":{"events":[', ']}}'];

/** Collects events into bodies for `events:import`, each on one line; an event larger than a body has one to itself. */
interface ImportBodies {
  /** Takes an event; gives the body before it, once that is full. */
  add(event: UdmEvent): string | undefined;
  /** Gives the body that has begun, if there is one. */
  end(): string | undefined;
}

/** https://docs.cloud.google.com/chronicle/docs/reference/rest/v1beta/projects.locations.instances.events/import */
export function importBodies(limit = mostBytes): ImportBodies {
  let events: string[] = [];
  let bytes = 0;
  const end = () => {
    const body = events.length === 0 ? undefined : `${before}${events.join(',')}${after}`;
    events = [];
    bytes = before.length + after.length;
    return body;
  };
  end();
  return {
    add(event) {
      const text = JSON.stringify({ udm: event });
      const size = Buffer.byteLength(text) + 1;
      const full = bytes + size > limit ? end() : undefined;
      events.push(text);
      bytes += size;
      return full;
    },
    end,
  };
}
