// A stage whose settings do not say accounts: true has no starter.
module.exports = require('../../../tools/only-with.cjs')('accounts', 'starts runs');
