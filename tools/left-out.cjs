const { readFileSync } = require('node:fs');

/**
 * Of the schemas of S3 and SSM, only those get in that something needs. They are arrays that stand in one file for each client.
 * esbuild cannot tell that making one has no effect, as their objects have computed keys, so it would keep all of them, an eighth
 * of the bundle (https://esbuild.github.io/api/#tree-shaking). The classes of SSM's 150 errors are as much again, and nothing tells
 * errors apart by their classes.
 *
 * @type {import('esbuild').Plugin}
 */
const unusedSchemas = {
  name: 'unused schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-(s3|ssm)[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(schemas, '$1/* @__PURE__ */ (() => $2)();');
      return { contents: path.includes('client-ssm') ? contents.replace(modelledErrors, '') : contents };
    });
  },
};

/** An error whose class is not registered is SSM's base class with its name, as those are that SSM does not document. */
const modelledErrors = /^n0_registry\.registerError\(.*\);$/gm;

/** `export var Name$ = [ … ];`, in a line or in several of which none but the last one begins with the bracket. */
const schemas = /^((?:export )?var \w+\$? = )(\[(?:.*\]|[\s\S]*?^\]));$/gm;

/**
 * The SDK imports this when an answer is a stream of events, as only that of SelectObjectContent is in S3 and none in SSM. What
 * may be imported later stays whole in a bundle, and so does all that it shares with the rest.
 *
 * @type {import('esbuild').Plugin}
 */
const eventStreams = {
  name: 'event streams',
  setup({ onResolve }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** What esbuild leaves out of a deployed bundle (`serverless.common.yml`), besides `exclude`. */
module.exports = [unusedSchemas, eventStreams];
