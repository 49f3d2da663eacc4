declare module '@duosecurity/duo_api' {
  /** The part of Duo's own client (1.5.0, which has no types) that the tests use. */
  export class Client {
    constructor(ikey: string, skey: string, host: string, sigVersion?: number);
    jsonApiCall(
      method: string,
      path: string,
      params: Record<string, string>,
      callback: (answer: unknown) => void,
    ): void;
  }
  export const SIGNATURE_VERSION_2: number;
  export const SIGNATURE_VERSION_5: number;
}
