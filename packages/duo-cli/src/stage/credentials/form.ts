import { type Credentials, credentialsProblems } from 'duo-core';

/** How the three are called where the operator copies them from. */
const names = { ikey: 'the integration key', skey: 'the secret key', apiHost: 'the API host' } as const;

/** What cannot be right about the credentials, one sentence each, without repeating a value. */
export function formProblems(credentials: Credentials): string[] {
  const problems = credentialsProblems(credentials, names);
  if (problems.length > 0) return problems;
  if (!/^DI.{18}$/.test(credentials.ikey)) {
    problems.push(
      `${names.ikey} must be 20 characters and begin with DI; this one has ${credentials.ikey.length}`,
    );
  }
  if (credentials.skey.length !== 40) {
    problems.push(`${names.skey} must be 40 characters; this one has ${credentials.skey.length}`);
  }
  return problems;
}

/** What is wrong with one of them, while the others are still to be asked for. */
export function formProblem(key: keyof Credentials, value: string): string | undefined {
  const right = { ikey: `DI${'X'.repeat(18)}`, skey: 'x'.repeat(40), apiHost: 'api-x.duosecurity.com' };
  return formProblems({ ...right, [key]: value })[0];
}
