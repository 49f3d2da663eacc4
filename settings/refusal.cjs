// How a slip of the pen is told.
const { closest, distance } = require('fastest-levenshtein');
const { keys: settingKeys, keysPerLogType, goneKeys, logTypes, readerKinds } = require('./schema.cjs');

/** What is wrong with a settings file, one sentence a slip. */
function problems({ code, path, message, keys, issues }) {
  if (code === 'unrecognized_keys') {
    const known = { 0: settingKeys, 2: keysPerLogType }[path.length] ?? [];
    return keys.map((key) => {
      const gone = path.length === 0 ? goneKeys[key] : undefined;
      return `${[...path, key].join('.')}: ${gone ?? `is not a setting${meant(key, known)}`}`;
    });
  }
  if (code === 'invalid_key') {
    const known = path[0] === 'logTypes' ? logTypes : [];
    return issues.map((issue) => `${path.join('.')}: ${issue.message}${meant(path.at(-1), known)}`);
  }
  if (code === 'invalid_union') return [`${path.join('.')}: must be one of ${readerKinds.join(', ')}`];
  return [`${path.join('.') || 'it'}: ${message}`];
}

/** The name that was mistyped, if it looks like one. */
function meant(typed, known) {
  const near = known.length === 0 ? '' : closest(typed, known);
  return distance(typed, near) <= 3 && near !== '' ? `. Did you mean ${near}?` : '';
}

/**
 * The framework prints an error's stack, which says nothing here, and without one its message, behind words of its own:
 * so it begins on a new line.
 */
function refusal(message) {
  return Object.assign(new Error(`\n${message}`), { stack: undefined });
}

module.exports = { problems, refusal };
