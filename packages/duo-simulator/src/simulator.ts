import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LogType, SignableRequest } from 'duo-core';
import { type AccountSetup, type Asked, accountListPath, childrenOf, refusalOf, whomAsked } from './accounts';
import { failures } from './failures';
import type { PageForm } from './pages/page';
import { servePage } from './pages/serve-page';
import { createLog, type SimulatedLog } from './records/log';
import { type Answer, failureAnswer, json, pageAnswer, textAnswer } from './server/answer';
import { createFaultQueue, type Fault, type FaultQueue, faultAnswer } from './server/faults';
import { type ArrivedRequest, type SimulatorCredentials, simulatorCredentials } from './server/request-check';
import { arrivedRequest, close, listen, send } from './server/transport';

/** One log that a simulator serves. */
export interface LogSetup extends PageForm {
  readonly logType: LogType;
}

/** What a simulator is made of. */
export interface SimulatorOptions {
  readonly logs: readonly LogSetup[];
  /** Accounts beside the one of `credentials`; each has the same logs, with records of its own. @default none */
  readonly accounts?: readonly AccountSetup[];
  /** @default simulatorCredentials */
  readonly credentials?: SimulatorCredentials;
  /** Milliseconds since 1970; everything follows it, the answers' `Date` included. @default Date.now */
  readonly now?: () => number;
  /** Called with every entry of `requests` as it is made. */
  readonly onRequest?: (request: AnsweredRequest) => void;
}

/** A stand-in for the log endpoints of Duo's Admin API, on 127.0.0.1. */
export interface Simulator {
  /** Starts to listen and resolves to the base URL, `http://127.0.0.1:<port>`. @default port any free one */
  listen(port?: number): Promise<string>;
  /** Stops, cutting every connection, those of hung requests too. */
  close(): Promise<void>;
  /** The log with this log type's name, of an account or of the simulator's own. Throws a `TypeError` if there is none. */
  log(name: string, account?: string): SimulatedLog;
  /** Spoils the next requests to any log, before their credentials are looked at; see `FaultQueue`. */
  fail: FaultQueue['add'];
  /** Every request but those to the control path, in the order of their arrival. */
  readonly requests: readonly AnsweredRequest[];
}

/** What was asked and what was answered. No header is kept, so no signature is. */
export interface AnsweredRequest {
  /** When it was answered, in milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly params: SignableRequest['params'];
  /** The name of the log that was asked, or null. */
  readonly log: string | null;
  /** The account that was asked; null if it is the simulator's own, or nobody can tell. */
  readonly account: string | null;
  /** The HTTP status, or null if nothing was answered. */
  readonly status: number | null;
  /** Duo's code, if the answer is one of Duo's failures. */
  readonly code: number | null;
  /** How many records the answer carried; a truncated one carried fewer. */
  readonly records: number;
  readonly fault: Fault | null;
}

/** Makes a simulator; it serves once it listens. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { credentials = simulatorCredentials, accounts = [], now = Date.now, onRequest } = options;
  const logsOf = () => options.logs.map((setup) => ({ setup, log: createLog(setup.logType, now) }));
  const logs = logsOf();
  const others = new Map(accounts.map(({ name }) => [name, logsOf()]));
  const faults = createFaultQueue();
  const requests: AnsweredRequest[] = [];
  // Without a keep-alive timeout no connection ends by itself, in the middle of a client's next request.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void serve(request, response));

  async function serve(incoming: IncomingMessage, response: ServerResponse) {
    const request = await arrivedRequest(incoming);
    if (request === null) return;
    const control = controlAnswer(request);
    if (control !== null) return send(response, now(), control, null);

    const named = options.logs.find(
      ({ logType }) => logType.path === request.path && request.method === 'GET',
    );
    const log = named?.logType.name ?? null;
    const fault = log === null ? null : faults.next();
    const asked = whomAsked(request, credentials, accounts, now());
    const answer = answerTo(request, log, asked, fault);
    const { method, path, params } = request;
    const account = 'code' in asked ? null : (asked.account?.name ?? null);
    const { status = null, code = null, records = 0 } = answer ?? {};
    const entry = { at: now(), method, path, params, log, account, status, code, records, fault };
    requests.push(entry);
    onRequest?.(entry);
    send(response, now(), answer, fault);
  }

  function answerTo(
    request: ArrivedRequest,
    log: string | null,
    asked: Asked,
    fault: Fault | null,
  ): Answer | null {
    const isList = request.path === accountListPath && request.method === 'POST';
    if (log === null && !isList) return failureAnswer(failures.notFound);
    if (fault !== null && fault !== 'truncate') return faultAnswer(fault);
    if ('code' in asked) return failureAnswer(asked);
    const { account } = asked;
    if (log === null) {
      const children = account === null ? childrenOf(accounts) : [];
      return textAnswer(200, json, JSON.stringify({ stat: 'OK', response: children }));
    }
    const refusal = refusalOf(account, log);
    return refusal === null ? answerLog(servedBy(log, account?.name), request) : failureAnswer(refusal);
  }

  function answerLog({ setup, log }: Served, { params }: ArrivedRequest): Answer {
    const { paging, records } = setup.logType;
    const page = servePage(paging, { params, visible: log.visible(), form: setup, now: now() });
    return 'code' in page ? failureAnswer(page) : pageAnswer(page, records);
  }

  /**
   * `GET /simulator/[<account>/]<name>.ndjson`, unsigned: every record published by now, to reconcile with what was collected.
   */
  function controlAnswer({ method, path }: ArrivedRequest): Answer | null {
    const [, account, name] = /^\/simulator\/(?:([\w-]+)\/)?([\w-]+)\.ndjson$/.exec(path) ?? [];
    const found = (account === undefined ? logs : others.get(account))?.find(
      ({ setup }) => setup.logType.name === name,
    );
    if (found === undefined || method !== 'GET') return null;
    const lines = found.log.published().map((text) => `${text}\n`);
    return textAnswer(200, 'application/x-ndjson', lines.join(''));
  }

  function servedBy(name: string, account?: string): Served {
    const ofAccount = account === undefined ? logs : others.get(account);
    if (ofAccount === undefined)
      throw new TypeError(
        `the simulator has no account "${account}"; it has: ${[...others.keys()].join(', ')}`,
      );
    const found = ofAccount.find(({ setup }) => setup.logType.name === name);
    if (found !== undefined) return found;
    const names = logs.map(({ setup }) => setup.logType.name).join(', ');
    throw new TypeError(`the simulator has no log "${name}"; it has: ${names}`);
  }

  return {
    listen: (port) => listen(server, port),
    close: () => close(server),
    log: (name, account) => servedBy(name, account).log,
    fail: faults.add,
    requests,
  };
}

type Served = { readonly setup: LogSetup; readonly log: SimulatedLog };
