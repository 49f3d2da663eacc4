// The environment of the stage `local`: the simulator, and a directory for each host that is collected from. What the
// shell sets is left out here and reaches the function as it is, so that no template ever holds a real key.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const { DUO_API_URL, DUO_API_HOST } = process.env;
const apiHost = DUO_API_HOST ?? 'api-simulator.duosecurity.com';
const store = join(
  __dirname,
  '..',
  '.local',
  DUO_API_URL === '' ? apiHost.replace(/[^\w.-]/g, '_') : 'simulator',
);

const defaults = {
  STORE_URL: pathToFileURL(store).href,
  DUO_CREDENTIALS: 'env',
  DUO_API_URL: 'http://127.0.0.1:8765',
  DUO_IKEY: 'DISIMULATOR000000000',
  DUO_SKEY: 'made-up-secret-of-the-simulator-no-value',
  DUO_API_HOST: 'api-simulator.duosecurity.com',
};

module.exports = {
  environment: Object.fromEntries(
    Object.entries(defaults).filter(([name]) => process.env[name] === undefined),
  ),
};
