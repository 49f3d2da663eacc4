// Values of the stage `local` that YAML cannot compute: a URL of an absolute directory.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

module.exports = { storeUrl: pathToFileURL(join(__dirname, '..', '.local', 'store')).href };
