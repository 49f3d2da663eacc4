import type { Mutant } from './faults';

/** What docs/ocsf.md promises of every event with what could be wrong in it, which a test has to find. */
export const faultsOfOcsf: readonly Mutant[] = [
  {
    step: 'ocsf',
    fault: 'what OCSF does not take where it belongs is taken for mapped',
    file: 'settle.ts',
    from: 'if (placed === undefined) continue;',
    to: 'if (placed === undefined) { if (Reflect.get(draft, name) instanceof Found) landed.push(...Reflect.get(draft, name).from); continue; }',
  },
  {
    step: 'ocsf',
    fault: 'a part that lacks what OCSF wants of it is there all the same',
    file: 'settle.ts',
    from: 'return lacking.length > 0 || !hasOwn ? lacking : { value, landed };',
    to: 'return { value, landed };',
  },
  {
    step: 'ocsf',
    fault: 'a list of which one item does not fit is taken for mapped',
    file: 'settle.ts',
    from: 'if (given instanceof Found && placed.length < items.length) return undefined;',
    to: '',
  },
  {
    step: 'ocsf',
    fault: 'a number loses digits',
    file: 'exact-json.ts',
    from: 'return Number.isSafeInteger(value);',
    to: 'return Number.isInteger(value);',
  },
  {
    step: 'ocsf',
    fault: 'a record that is nested too deep is read',
    file: 'exact-json.ts',
    from: 'if (plain === undefined || isTooDeep(json)) return undefined;',
    to: 'if (plain === undefined) return undefined;',
  },
  {
    step: 'ocsf',
    fault: 'microseconds are rounded, into the next millisecond',
    file: 'raw-record.ts',
    from: 'fraction.slice(0, 4)',
    to: "Number(fraction || '0').toFixed(3).slice(1)",
  },
  {
    step: 'ocsf',
    fault: 'a long text ends with raw_data',
    file: 'mapping.ts',
    from: '{ raw_data_rest: record.slice(most) }',
    to: '{}',
  },
  {
    step: 'ocsf',
    fault: 'raw_data ends within a character',
    file: 'mapping.ts',
    from: '/[\\uD800-\\uDBFF]/.test(record.charAt(most - 1)) ? most - 1 : most',
    to: 'most',
  },
  {
    step: 'ocsf',
    fault: 'a record without a time says nothing of it',
    file: 'mapping.ts',
    from: '...(time === undefined ? [',
    to: '...(time === null ? [',
  },
  {
    step: 'ocsf',
    fault: 'a base event loses the id of the record',
    file: 'mapping.ts',
    from: 'metadata: metadata ?? {},',
    to: 'metadata: {},',
  },
  {
    step: 'ocsf',
    fault: 'an event has another record in its text',
    file: 'mapping.ts',
    from: 'raw_data: record.slice(0, most),',
    to: 'raw_data: JSON.stringify(fields.value),',
  },
];
