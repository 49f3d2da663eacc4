// The files that the settings of a stage are read from.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join, relative, resolve } = require('node:path');
const { closest, distance } = require('fastest-levenshtein');
const { parseDocument } = require('yaml');
const { problems, refusal } = require('./refusal.cjs');
const { schema } = require('./schema.cjs');

const defaultFile = join(__dirname, 'default.yml');

// Whoever keeps the settings of the stages apart from the code says where.
const folder = () => resolve(process.env.SETTINGS_FOLDER || __dirname);

/**
 * The two files of a stage and what they say: `defaults` default.yml, `own` the stage's, which is empty if it was not `found`, and
 * the same as `written`, without what the schema adds. Throws, with the file and the key, for what cannot be.
 */
function readFiles(stage) {
  if (!existsSync(folder())) {
    throw refusal(
      `SETTINGS_FOLDER: there is no folder ${folder()}. Make it, or unset the variable: the settings are then those in settings/`,
    );
  }
  const stageFile = join(folder(), `${stage}.yml`);
  const found = existsSync(stageFile);
  const other = join(folder(), `${stage}.yaml`);
  if (!found && existsSync(other)) {
    throw refusal(`${nameOf(other)}: rename it to ${stage}.yml. A file with another ending is not read`);
  }
  const defaults = readFile(defaultFile);
  const own = found ? readFile(stageFile) : { parsed: {}, written: {} };
  return {
    defaultFile: nameOf(defaultFile),
    stageFile: nameOf(stageFile),
    found,
    defaults: defaults.parsed,
    own: own.parsed,
    written: { defaults: defaults.written, own: own.written },
  };
}

/** The stages that have a file. */
function stagesWithFiles() {
  return readdirSync(folder())
    .filter((file) => file.endsWith('.yml') && file !== 'default.yml')
    .map((file) => file.slice(0, -'.yml'.length))
    .sort();
}

/** The file that may have been meant by a stage without one; undefined if no name is near. */
function nearFile(stage) {
  const stages = stagesWithFiles();
  if (stages.length === 0) return undefined;
  const near = closest(stage, stages);
  return distance(stage, near) <= Math.min(2, stage.length - 1)
    ? nameOf(join(folder(), `${near}.yml`))
    : undefined;
}

function readFile(file) {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error !== undefined) throw refusal(`${nameOf(file)}: ${error.message}`);
  const written = document.toJS() ?? {};
  const result = schema.safeParse(written);
  if (result.success) return { parsed: result.data, written };
  throw refusal(
    result.error.issues
      .flatMap(problems)
      .map((one) => `${nameOf(file)}: ${one}`)
      .join('\n'),
  );
}

/** From the checkout if it is in it. */
function nameOf(file) {
  const path = relative(join(__dirname, '..'), file);
  return path.startsWith('..') ? file : path;
}

module.exports = { readFiles, stagesWithFiles, nearFile };
