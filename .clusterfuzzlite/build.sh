#!/bin/bash -eu
# Builds all fuzz targets into $OUT, each with its seeds, its dictionary and its limits.
#
# It runs in the image of the Dockerfile, where SRC, OUT, WORK and SANITIZER are set and precompile_swift says with which
# flags Swift builds. ClusterFuzzLite keeps the corpora between runs in a storage of the user's.
cd "$SRC/wsconform"
# shellcheck disable=SC1091
. precompile_swift

export WSCONFORM_FUZZ=1 WSCONFORM_STATIC_ZLIB=1
# SwiftPM passes one option for each sanitizer, of which the compiler takes the last; one that names both comes behind them.
both=()
if [ "$SANITIZER" != coverage ]; then both=(-Xswiftc "-sanitize=$SANITIZER,fuzzer"); fi
# shellcheck disable=SC2086
swift build -c release --scratch-path "$WORK/build" $SWIFT6_2FLAGS "${both[@]}"
Fuzz/run.sh export "$WORK/build/release" "$OUT"
