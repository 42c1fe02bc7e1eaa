/** What native code calls, each with the facts of one object. */

import type { ObjectFacts } from './facts.ts';
import { human } from './inspect/human.ts';
import { json } from './inspect/json.ts';
import { report } from './inspect/report.ts';
import { declare } from './types/declare.ts';

/** The declarations of the object, for TypeScript. */
export function types(facts: ObjectFacts): string {
  return declare(facts);
}

/** What is in the object, for people. */
export function inspect(facts: ObjectFacts): string {
  return human(report(facts));
}

/** What is in the object, for programs. */
export function inspectJson(facts: ObjectFacts): string {
  return json(report(facts));
}
