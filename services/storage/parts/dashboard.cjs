// The dashboard's body, which CloudFormation takes as one text. By SEARCH, so that a log type that is added or removed is
// so here as well. A search knows words only: the stages prod and prod-eu, which share one, see each other's log types.
const graphs = [
  ['Behind (s)', 'DuoLogs', 'BehindSeconds', 'Maximum'],
  ['Records', 'DuoLogs', 'Records', 'Sum'],
  ['Objects', 'DuoLogs', 'Objects', 'Sum'],
  ['Duplicates (met, not stored again)', 'DuoLogs', 'Duplicates', 'Sum'],
  ['Throttles (429)', 'DuoLogs', 'Throttles', 'Sum'],
  ['Schema drift (records)', 'DuoLogs', 'SchemaDrift', 'Sum'],
  ['Spans that Duo no longer had', 'DuoLogs', 'Gaps', 'Sum'],
  ['Repaired: records that came late', 'DuoLogs', 'Repaired', 'Sum'],
  ['Doubled (records)', 'DuoLogs', 'Doubled', 'Sum'],
  ['Astray (records)', 'DuoLogs', 'Astray', 'Sum'],
  ['Deleted (records)', 'DuoLogs', 'Deleted', 'Sum'],
  ['Unreconciled days', 'DuoLogs', 'UnreconciledDays', 'Maximum'],
  ['Failed runs', 'AWS/Lambda', 'Errors', 'Sum', 'collect'],
  ['Duration (ms)', 'AWS/Lambda', 'Duration', 'Maximum', 'collect'],
  ['Failed reconciliations', 'AWS/Lambda', 'Errors', 'Sum', 'reconcile'],
  ['Duration of reconciliations (ms)', 'AWS/Lambda', 'Duration', 'Maximum', 'reconcile'],
];

// Of all logs together, and of each; no metric names an account.
const graphsOfAccounts = [
  ['Behind, the worst account (s)', 'DuoLogs', 'WorstBehindSeconds', 'Maximum', 'accounts'],
  ['Logs of accounts that are more than an hour behind', 'DuoLogs', 'AccountsBehind', 'Sum', 'accounts'],
  ['Logs of accounts that are failing', 'DuoLogs', 'AccountsFailing', 'Sum', 'accounts'],
  ['Failed rounds of the starter', 'AWS/Lambda', 'Errors', 'Sum', 'start'],
  ['Duration of rounds (ms)', 'AWS/Lambda', 'Duration', 'Maximum', 'start'],
];

const graphsOfLake = [
  ['In the lake: records', 'DuoLogs', 'LakeRecords', 'Sum'],
  ['In the lake: Parquet files', 'DuoLogs', 'LakeFiles', 'Sum'],
  ['In the lake with a problem in status_detail (records)', 'DuoLogs', 'LakeProblems', 'Sum'],
  ['Folders that the lake waits with', 'DuoLogs', 'LakeStopped', 'Sum'],
  ['Failed runs of the lake', 'AWS/Lambda', 'Errors', 'Sum', 'turn'],
  ['Duration of the lake (ms)', 'AWS/Lambda', 'Duration', 'Maximum', 'turn'],
];

// A metric of it would cost, and a widget of log lines would have to name each log group.
const memory = `### Memory
Memory has no metric, because that would cost money. In CloudWatch, open Logs Insights, and choose all log groups that begin with \`/aws/lambda/duo-\`:
\`\`\`
filter type = "platform.report"
| stats max(record.metrics.maxMemoryUsedMB) as MB, max(record.metrics.memorySizeMB) as of by @log
\`\`\``;

module.exports = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const stage = await resolveVariable('sls:stage');
  const { accounts, lake } = await resolveConfigurationProperty(['custom', 'settings']);
  const all = [...(accounts ? graphsOfAccounts : []), ...graphs, ...(lake ? graphsOfLake : [])];
  const widgets = all.map(([title, namespace, metric, statistic, ...words], n) => ({
    type: 'metric',
    ...place(n),
    properties: {
      title,
      region: `\${AWS::Region}`,
      view: 'timeSeries',
      metrics: expressions(namespace, metric, statistic, [...stage.split('-'), ...words]).map((one) => [
        { expression: one },
      ]),
    },
  }));
  return JSON.stringify({
    widgets: [...widgets, { type: 'text', ...place(widgets.length), properties: { markdown: memory } }],
  });
};

/** Two side by side. */
function place(n) {
  return { x: (n % 2) * 12, y: Math.floor(n / 2) * 6, width: 12, height: 6 };
}

/**
 * What a run leaves out of its metrics is 0, and is drawn so. How far behind a log is, it always tells, and so does the starter how the
 * accounts stand: of all, and of each log.
 */
function expressions(namespace, metric, ...rest) {
  const dimension = namespace === 'DuoLogs' ? 'service' : 'FunctionName';
  const found = search(namespace, dimension, dimension, metric, ...rest);
  if (/Accounts|Worst/.test(metric))
    return [found, search(namespace, `"log_type",${dimension}`, dimension, metric, ...rest)];
  return [namespace === 'DuoLogs' && metric !== 'BehindSeconds' ? `FILL(${found}, 0)` : found];
}

function search(namespace, dimensions, dimension, metric, statistic, words) {
  const terms = [`MetricName="${metric}"`, ...['duo', ...words].map((word) => `${dimension}=${word}`)].join(
    ' ',
  );
  // How many days are left is told every quarter of an hour at most: five minutes would be 0 in between.
  const period = metric === 'UnreconciledDays' ? 3600 : 300;
  return `SEARCH('{${namespace},${dimensions}} ${terms}', '${statistic}', ${period})`;
}
