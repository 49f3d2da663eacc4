// A reporter for Jest: ends it as soon as a test fails, and prints which one that was.
module.exports = function firstFailure() {
  return {
    onTestCaseResult(_, { status, fullName }) {
      if (status !== 'failed') return;
      process.stdout.write(fullName);
      process.exit(1);
    },
    onTestResult(_, { testExecError, failureMessage }) {
      if (testExecError) process.stderr.write(failureMessage);
    },
  };
};
