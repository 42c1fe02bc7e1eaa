#!/usr/bin/env bash
# Takes out of a finished archive what nothing in yeet can reach, 12 MB of the binary's code and data before packing.
# usage: slim.sh ARCHIVE.a      (changes it in place)
# needs: llvm-objcopy (LLVM=/usr/lib/llvm-22), binutils, and icupkg (Debian: icu-devtools)
#
# - The tables for unwinding C++ (.eh_frame): V8 is built without exceptions, and a panic of Rust ends at the `extern "C"` function that V8 calls.
# - Of ICU's data what JavaScript has no name for (icu-unused.txt): converters of legacy encodings (TextDecoder brings its own tables), tables for
#   host names and for look-alikes, and the line breaks of the CSS properties line-break and word-break. No locale and no part of Intl is lost.
set -euo pipefail
archive=$(realpath "$1"); here=$(cd "$(dirname "$0")" && pwd); LLVM=${LLVM:-/usr/lib/llvm-22}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
"$LLVM/bin/llvm-objcopy" --strip-debug --remove-section=.eh_frame "$archive"
ar x "$archive" icudtl_dat.o
objcopy --output-target=binary --only-section=.rodata icudtl_dat.o icudtl.dat
icupkg --auto_toc_prefix --ignore-deps --remove "$here/icu-unused.txt" icudtl.dat small.dat
"$LLVM/bin/llvm-objcopy" --update-section .rodata=small.dat icudtl_dat.o
ar rD "$archive" icudtl_dat.o
