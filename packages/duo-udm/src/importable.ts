import { brokenRules, principalRule } from './rules';
import type { UdmEvent } from './udm-schema';

/**
 * The event in a form that breaks no rule: `events:import` refuses a whole body for one event that does. A principal
 * that is neither a machine nor a user stands under `about`, and an event that lacks what its type needs is a
 * GENERIC_EVENT; nothing is left out.
 */
export function importable(event: UdmEvent): UdmEvent {
  const [first] = brokenRules(event);
  if (first === undefined) return event;
  const { principal, about = [], ...rest } = event;
  if (first === principalRule && principal !== undefined) {
    return importable({ ...rest, about: [principal, ...about] });
  }
  return { ...event, metadata: { ...event.metadata, eventType: 'GENERIC_EVENT' } };
}
