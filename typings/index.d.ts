/** Everything that a script of yeet sees. */
/// <reference path="./globals.d.ts" />
/// <reference path="./yeet-bpf.d.ts" />
/// <reference path="./object-types.d.ts" />
/// <reference path="./bpf-object.d.ts" />
