#!/usr/bin/env bash
# Links a parser written against wsconform_fuzz.h with the Swift library and libFuzzer.
#
#   Fuzz/link.sh OUTPUT SOURCE.c… [flags for clang, such as -lwslay]
#
# The library is built first. CC names a clang of the Swift toolchain's version; SANITIZE what else
# to link (default: address).
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: Fuzz/link.sh OUTPUT SOURCE.c… [flags for clang]" >&2
    exit 64
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=$1
shift
library=$root/.build/release/libwsconform-fuzz.a
env -u WSCONFORM_FUZZ swift build --package-path "$root" -c release --product wsconform-fuzz >&2
target=$(swiftc -print-target-info)
runtime=$(sed -n 's/.*"runtimeLibraryPaths" : \[//;/swift\/linux"/{s/.*"\(.*\)".*/\1/;p;q}' <<<"$target")
toolchain=$(dirname "$(readlink -f "$(command -v swiftc)")")
cc=${CC:-$toolchain/clang}
"$cc" -g -O1 -fsanitize=fuzzer${SANITIZE-,address} -I "$root/Fuzz/C/include" -o "$output" "$@" \
    "$library" "$runtime/$(uname -m)/swiftrt.o" -L "$runtime" -lswiftCore -Wl,-rpath,"$runtime" 2>&1 |
    { grep -v 'warning: Cannot export local symbol' || true; } >&2
