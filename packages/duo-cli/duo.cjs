#!/usr/bin/env node
// `npx pnpm duo` in the checkout. It is no script of package.json: pnpm would end its errors with a line of its own. TypeScript is run in
// this process: the command `tsx` starts another one, which it kills at Ctrl-C if that is too busy to answer within 60 ms.
void import('tsx').then(() => import('./src/main.ts'));
