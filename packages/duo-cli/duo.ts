#!/usr/bin/env tsx
// `npx pnpm duo` in the checkout. It is no script of package.json: pnpm would end its errors with a line of its own.
import './src/main';
