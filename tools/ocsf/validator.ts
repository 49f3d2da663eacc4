import Ajv from 'ajv/dist/2020';
import { classes, type OcsfEvent } from '../../packages/duo-ocsf/src/schema';
import { readJsonSchemas } from './schema';

/**
 * Says what OCSF's own JSON Schemas, from the package `ocsf-json-schema`, have against an event: nothing, or a line for each
 * error. The schema is that of the event's class, with the profiles that its metadata names.
 */
export function ocsfValidator(): (event: OcsfEvent) => string[] {
  const asked = Object.entries(classes).map(([uid, { profiles }]) => [uid, ...profiles].join(':'));
  // The schemas say which fields are deprecated, which is no keyword of ajv's strict mode.
  const ajv = new Ajv({ strict: false, allErrors: true });
  const validators = new Map(
    Object.entries(readJsonSchemas(asked)).map(([name, schema]) => [name, ajv.compile(schema)]),
  );
  return (event) => {
    const name = [event.class_uid, ...(event.metadata.profiles ?? [])].join(':');
    const validate = validators.get(name);
    if (validate === undefined) return [`there is no schema of ${name}`];
    return validate(event)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
