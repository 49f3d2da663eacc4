import { listen } from 'duo-simulator';
import { createRelay } from '../../tools/google-function/relay';
import { serve } from './serve';

/* `relay.ts <url of the simulator>`: what stands between it and Google's function, as a process of its own. */

const [, , url = ''] = process.argv;

void listen(createRelay(url, 'ts:asc', Date.now)).then((own) => serve({ url: own }, () => ({})));
