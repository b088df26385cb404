#!/usr/bin/env bash
# Builds and runs the fuzz targets. One line each:
#
#   Fuzz/run.sh list                         the targets
#   Fuzz/run.sh build [TARGET…]              build them, with AddressSanitizer
#   Fuzz/run.sh seed                         write Seeds/ anew, from the scenarios and the vectors
#   Fuzz/run.sh run TARGET [SECONDS] [flags] fuzz one; what it finds stays in .build-fuzz/found/TARGET
#   Fuzz/run.sh all [SECONDS]                fuzz each, two at a time
#   Fuzz/run.sh merge TARGET                 keep of what was found what Corpus/ does not reach
#   Fuzz/run.sh minimise TARGET FILE         make a failing input smaller
#   Fuzz/run.sh reproduce TARGET FILE        run one input, with a backtrace
#   Fuzz/run.sh coverage                     the lines of the codec that Seeds/ and Corpus/ reach
#   Fuzz/run.sh adapters [SECONDS]           build and run the adapters of other parsers
#   Fuzz/run.sh export BUILD FOLDER          copy programs, seeds, dictionaries and limits, as ClusterFuzzLite wants them
#   Fuzz/run.sh --replay                     Seeds/, Corpus/ and Regressions/ through the instrumented targets
#
# SANITIZE=none builds without AddressSanitizer, for speed. WSCONFORM_FUZZ_PLAIN=1 leaves our mutator out, and
# WSCONFORM_FUZZ_FAULT=NAME plants a fault into the target differential: both for measurements.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export SWIFT_BACKTRACE=enable=no SWIFT_DETERMINISTIC_HASHING=1 WSCONFORM_FUZZ=1
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
codec=(frames differential sequences text heads extensions deflate hpack http2)
targets=("${codec[@]}" engine reports runfolder control files)
sanitizers=(--sanitize fuzzer)
scratch=.build-fuzz/plain
if [ "${SANITIZE:-address}" != none ]; then
    # SwiftPM passes two options, in any order, of which the compiler takes the last: this one has both.
    # shellcheck disable=SC2054
    sanitizers+=(--sanitize address -Xswiftc -sanitize=address,fuzzer)
    scratch=.build-fuzz/address
fi
found=.build-fuzz/found
memory=${TMPDIR:-/tmp}
if [ -w /dev/shm ]; then memory=/dev/shm; fi

usage() {
    sed -n '2,/^set/p' "${BASH_SOURCE[0]}" | sed '/^set/d; s/^# \{0,1\}//'
    exit 64
}

known() {
    [[ " ${targets[*]} " == *" $1 "* ]] || {
        echo "Fuzz/run.sh: no target '$1'; there are ${targets[*]}" >&2
        exit 64
    }
}

longest() {
    case $1 in
    frames | heads) echo 4096 ;;
    text) echo 512 ;;
    control) echo 4096 ;;
    extensions | deflate | hpack | http2) echo 1024 ;;
    runfolder) echo 8192 ;;
    *) echo 2048 ;;
    esac
}

binary() { echo "$scratch/release/fuzz-$1"; }

# With WSCONFORM_FUZZ set, the package has nothing but the fuzz targets: all of them and the adapter are one build.
build() {
    local log=.build-fuzz/build.log options=(-c release --scratch-path "$scratch" "${sanitizers[@]}") target
    if [ $# = 0 ]; then
        swift build "${options[@]}" >"$log" 2>&1 || report_build "$log"
    fi
    for target in "$@"; do
        swift build "${options[@]}" --product "fuzz-$target" >"$log" 2>&1 || report_build "$log"
    done
}

report_build() {
    grep -E 'error:' "$1" || tail -20 "$1"
    return 1
}

# The seeds of a target; two targets share the streams.
seeds() {
    case $1 in
    frames | differential) echo Fuzz/Seeds/streams ;;
    *) echo "Fuzz/Seeds/$1" ;;
    esac
}

# The folders of a target that hold inputs.
corpora() {
    local folder
    for folder in "$(seeds "$1")" "Fuzz/Corpus/$1" "Fuzz/Regressions/$1"; do
        if [ -d "$folder" ]; then echo "$folder"; fi
    done
}

flags() {
    local dictionary=Fuzz/Dictionaries/$1.dict
    echo "-max_len=$(longest "$1") -timeout=30 -rss_limit_mb=1024 -malloc_limit_mb=64"
    if [ -f "$dictionary" ]; then echo "-dict=$dictionary"; fi
}

# One line when all is well, the end of the log when not.
fuzz() {
    local name=$1 program=$2 log=$found/$1.log
    shift 2
    mkdir -p "$found/$name"
    # What a target writes to files stays in memory, where a disk would take most of the time.
    TMPDIR=$memory "$program" -print_final_stats=1 -artifact_prefix="$found/crash-$name-" "$@" >"$log" 2>&1 || {
        grep -vE '^#|NEW_FUNC|^INFO: ' "$log" | tail -40
        echo "Fuzz/run.sh: $name failed; the input is in $found, all of the log in $log" >&2
        return 1
    }
    awk -v name="$name" '/DONE/ { cov = $4; files = $8 } /average_exec_per_sec/ { rate = $2 } /executed_units/ { runs = $2 }
        END { printf "%s: %s executions, %s a second, %s edges, no finding\n", name, runs, rate, cov }' "$log"
}

run() {
    local target=$1 seconds=${2:-60}
    shift $(($# > 2 ? 2 : $#))
    # shellcheck disable=SC2046
    fuzz "$target" "$(binary "$target")" $(flags "$target") -max_total_time="$seconds" "$@" "$found/$target" \
        $(corpora "$target")
}

# Runs a command for each argument behind `--`, two at a time, and fails if one of them did.
two_at_a_time() {
    local command=() running=() failed=0 argument
    while [ "$1" != -- ]; do
        command+=("$1")
        shift
    done
    shift
    for argument in "$@"; do
        if [ ${#running[@]} = 2 ]; then
            wait "${running[0]}" || failed=1
            running=("${running[1]}")
        fi
        "${command[@]}" "$argument" &
        running+=($!)
    done
    for argument in "${running[@]}"; do wait "$argument" || failed=1; done
    return $failed
}

run_for() { run "$2" "$1"; }

replay() {
    local target
    for target in "${targets[@]}"; do
        # shellcheck disable=SC2046
        find $(corpora "$target") -type f -print0 2>/dev/null |
            xargs -0 -r "$(binary "$target")" -timeout=30 >".build-fuzz/replay-$target.log" 2>&1 || {
            tail -30 ".build-fuzz/replay-$target.log"
            echo "Fuzz/run.sh: $target failed on a committed input" >&2
            return 1
        }
        echo "$target: $(grep -c '^Executed' ".build-fuzz/replay-$target.log" || true) inputs"
    done
}

merge() {
    local target=$1
    mkdir -p "Fuzz/Corpus/$target" ".build-fuzz/merged"
    rm -rf ".build-fuzz/merged/$target"
    mkdir -p ".build-fuzz/merged/$target"
    # What Seeds/ reaches needs no second file; Seeds/ itself is never changed.
    local seeds
    seeds=$(seeds "$target")
    if [ -d "$seeds" ]; then cp -r "$seeds/." ".build-fuzz/merged/$target/"; fi
    "$(binary "$target")" -merge=1 -max_len="$(longest "$target")" ".build-fuzz/merged/$target" \
        "Fuzz/Corpus/$target" "$found/$target" 2>&1 | tail -1
    rm -f "Fuzz/Corpus/$target"/*
    local file name
    for file in ".build-fuzz/merged/$target"/*; do
        name=$(sha1sum <"$file" | cut -d' ' -f1)
        if [ ! -f "$seeds/$name" ]; then cp "$file" "Fuzz/Corpus/$target/$name"; fi
    done
    echo "$target: $(find "Fuzz/Corpus/$target" -type f | wc -l) files in Corpus"
}

coverage() {
    local build=.build-fuzz/coverage log=.build-fuzz/build.log tools target programs=()
    # Those of the compiler: the form of a profile is that of its version.
    tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
    rm -rf "$build/profiles"
    mkdir -p "$build/profiles"
    for target in "${codec[@]}"; do
        swift build --scratch-path "$build" --sanitize fuzzer -Xswiftc -profile-generate \
            -Xswiftc -profile-coverage-mapping --product "fuzz-$target" >"$log" 2>&1 || report_build "$log"
        # shellcheck disable=SC2046
        LLVM_PROFILE_FILE="$build/profiles/$target-%p.profraw" "$build/debug/fuzz-$target" -runs=0 $(corpora "$target") \
            >"$build/$target.log" 2>&1
        programs+=(${programs:+-object} "$build/debug/fuzz-$target")
    done
    "$tools/llvm-profdata" merge -o "$build/all.profdata" "$build/profiles"/*.profraw
    "$tools/llvm-cov" report "${programs[@]}" -instr-profile "$build/all.profdata" \
        -sources Sources/WSDeflate Sources/WSKernels Sources/WSProtocol | awk '{ print $1, $8, $9, $10 }' | column -t
}

adapters() {
    local seconds=${1:-20}
    Fuzz/link.sh .build-fuzz/fuzz-wslay Fuzz/Adapters/wslay/adapter.c -lwslay \
        >"$found/link.log" 2>&1 || report_build "$found/link.log"
    build nio
    two_at_a_time adapter "$seconds" -- wslay nio
}

adapter() {
    local name=$2 program=.build-fuzz/fuzz-wslay
    if [ "$name" = nio ]; then program=$(binary nio); fi
    fuzz "adapter-$name" "$program" -max_len=2048 -timeout=30 -rss_limit_mb=2048 -max_total_time="$1" \
        "$found/adapter-$name" Fuzz/Seeds/streams
}

# What ClusterFuzzLite runs: of each target the program, its inputs in one archive, its dictionary, and libFuzzer's options.
export_targets() {
    local build=${1:?the folder with the programs} out=${2:?the folder for them} target name folders
    mkdir -p "$out"
    for target in "${targets[@]}"; do
        name=fuzz-$target
        install "$build/$name" "$out/$name"
        mapfile -t folders < <(corpora "$target")
        rm -f "$out/${name}_seed_corpus.zip"
        if [ ${#folders[@]} != 0 ]; then zip -q -j -r "$out/${name}_seed_corpus.zip" "${folders[@]}"; fi
        if [ -f "Fuzz/Dictionaries/$target.dict" ]; then cp "Fuzz/Dictionaries/$target.dict" "$out/$name.dict"; fi
        printf '[libfuzzer]\nmax_len = %s\ntimeout = 30\nrss_limit_mb = 1024\nmalloc_limit_mb = 64\n' \
            "$(longest "$target")" >"$out/$name.options"
    done
    echo "${#targets[@]} targets in $out"
}

mkdir -p "$found"
asked=${1:-}
shift || usage
case $asked in
list) printf '%s\n' "${targets[@]}" ;;
build) for target in "$@"; do known "$target"; done && build "$@" ;;
seed) env -u WSCONFORM_FUZZ swift run --scratch-path .build wsconform-vectors seeds Fuzz/Seeds ;;
run) known "${1:-}" && run "$@" ;;
all) two_at_a_time run_for "${1:-60}" -- "${targets[@]}" ;;
merge) known "${1:-}" && merge "$1" ;;
minimise) known "${1:-}" && "$(binary "$1")" -minimize_crash=1 -runs=100000 -artifact_prefix="$found/" "${2:?a file}" ;;
reproduce) known "${1:-}" && SWIFT_BACKTRACE=enable=yes "$(binary "$1")" "${2:?a file}" ;;
coverage) coverage ;;
adapters) adapters "$@" ;;
export) export_targets "$@" ;;
--replay) replay ;;
*) usage ;;
esac
