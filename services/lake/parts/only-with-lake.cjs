// A stage whose settings do not say lake: true has no lake.
module.exports = require('../../../tools/only-with.cjs')('lake', 'turns what is stored into Parquet');
