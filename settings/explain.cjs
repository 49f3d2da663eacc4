// Where each setting of a stage comes from.
const { withDerived } = require('./derived.cjs');
const { descriptions } = require('./descriptions.cjs');
const { checkedSettings } = require('./settings.cjs');
const { keys } = require('./schema.cjs');

/** What follows from a schedule; the alarms look at these times. */
const ofSchedule = ['alarmPeriodSeconds', 'silencePeriodSeconds', 'throttledSeconds', 'throttledTimes'];

/**
 * The two files of a stage, and each of its settings: `value`, null where there is none, `from` the file that says so, `built-in` or
 * `derived`, and `note`: what there is instead of a value, or what a value is derived from. Throws for what cannot be.
 */
module.exports.explainedSettings = function explainedSettings(stage) {
  const { settings, logTypes, files, whyNotReconciled } = checkedSettings(stage);
  const { stageFile, defaultFile, found } = files;
  const from = (path) => {
    const [file, written] =
      path[0] in files.own ? [stageFile, files.written.own] : [defaultFile, files.written.defaults];
    return path.reduce((value, key) => value?.[key], written) === undefined ? 'built-in' : file;
  };
  const values = keys.flatMap((key) => {
    const value = key === 'logTypes' ? logTypes : settings[key];
    if (value === undefined || (key === 'logTypes' && Object.keys(value).length === 0))
      return [{ name: key, value: null, from: 'built-in', note: descriptions[key].without }];
    if (key === 'reconcile' && whyNotReconciled !== null)
      return [{ name: key, value, from: 'derived', note: `from ${whyNotReconciled}` }];
    return leaves([key], value).map(([path, leaf]) => ({
      name: path.join('.'),
      value: leaf,
      from: from(path),
    }));
  });
  const derived = (prefix, of) =>
    ofSchedule.map((name) => ({
      name: `${prefix}${name}`,
      value: withDerived(of, stage)[name],
      from: 'derived',
      note: prefix === '' ? 'from schedule' : 'from its schedule',
    }));
  const othersDerived = Object.entries(logTypes)
    .filter(([, { schedule }]) => schedule !== undefined)
    .flatMap(([logType, own]) => derived(`logTypes.${logType}.`, { ...settings, ...own }));
  return {
    stage,
    stageFile,
    found,
    defaultFile,
    settings: [...values, ...derived('', settings), ...othersDerived],
  };
};

/** The values in a value, each with its path; a list is one value. */
function leaves(path, value) {
  if (typeof value !== 'object' || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => leaves([...path, key], below));
}
