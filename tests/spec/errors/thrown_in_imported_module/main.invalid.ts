import { fail } from './lib/fail.ts';

fail();
