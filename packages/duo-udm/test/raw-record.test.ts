import { expect, test } from '@jest/globals';
import { additional, labels, MappingError, pathKey, rawRecord } from '../src';

const raw = rawRecord({
  text: 'a',
  number: 0,
  flag: false,
  empty: '',
  none: null,
  deep: { er: { list: ['b', '', null, 2] } },
  objects: [{ key: 'c' }, null],
  details: '{"status": "Active", "groups": [{"name": "All"}]}',
  prose: 'Starting activation process',
});

test.each([
  ['text', 'a'],
  ['number', '0'],
  ['flag', 'false'],
  ['empty', undefined],
  ['none', undefined],
  ['none.where', undefined],
  ['text.length', undefined],
  ['deep.er.list.1', undefined],
  ['deep.er.list.0', 'b'],
  ['constructor.name', undefined],
])('the text at %s', (path, text) => {
  expect(raw.text(path)).toBe(text);
});

test('lists are read without what is empty', () => {
  expect([raw.texts('deep.er.list'), raw.texts('none'), raw.texts('nowhere')]).toEqual([['b', '2'], [], []]);
  expect(raw.list('objects').map((object) => object.text('key'))).toEqual(['c']);
});

test('JSON in a text is opened, and prose is an empty record', () => {
  expect(raw.json('details').text('status')).toBe('Active');
  expect(raw.json('details').text('groups.0.name')).toBe('All');
  for (const path of ['prose', 'none', 'number']) expect(raw.json(path).text('status')).toBeUndefined();
});

test('an object in the place of its JSON is the same', () => {
  const both = rawRecord({ object: { status: 'Active' }, text: '{"status":"Active"}', prose: 'by hand' });
  expect(['object', 'text'].map((path) => both.json(path).text('status'))).toEqual(['Active', 'Active']);
  expect(['object', 'text'].map((path) => both.jsonText(path))).toEqual(Array(2).fill('{"status":"Active"}'));
  expect([both.jsonText('prose'), both.jsonText('nowhere')]).toEqual(['by hand', undefined]);
});

test('what is in another form is an error that names the place', () => {
  expect(() => raw.text('deep')).toThrow(new MappingError('deep is not a text'));
  expect(() => raw.texts('objects')).toThrow(new MappingError('objects is not a text'));
  expect(() => raw.texts('text')).toThrow(new MappingError('text is not a list'));
  expect(() => raw.number('text')).toThrow(new MappingError('text is not a number'));
  expect(() => rawRecord([])).toThrow(new MappingError('it is not a JSON object'));
});

test('labels are made of what there is', () => {
  const nested = rawRecord({ device: { os: 'Linux', version: null } });
  expect(labels(nested, ['device.os', 'device.version'])).toEqual([{ key: 'os', value: 'Linux' }]);
  expect(labels(nested, ['device.os'], pathKey)).toEqual([{ key: 'device_os', value: 'Linux' }]);
  expect(additional(nested, ['device.os', 'device.version'])).toEqual({ 'device.os': 'Linux' });
});
