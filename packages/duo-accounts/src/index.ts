export { type KnownAccount, knownAccounts } from './known-accounts';
export { createStarter, type RoundResult } from './round';
export { isTurn } from './turn';
