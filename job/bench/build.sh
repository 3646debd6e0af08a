# For the scripts beside it, which source it: builds the benchmarks.
bench=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=$bench/target

needs() {
    if ! command -v "$1" >/dev/null; then
        echo "${0##*/}: $1 is not installed: it $2" >&2
        exit 1
    fi
}

build_java() {
    needs mvn "builds the benchmarks"
    needs java "runs the benchmarks"
    echo "building" >&2
    (cd "$bench/../.." && mvn -B -q -Pbench -pl job/bench -am -DskipTests package) >&2
}

# The program, and the name of its source.
build_c() {
    gcc -std=c11 -O2 -Wall -Wextra -o "$target/$1" "$bench/src/main/c/$2" -ldl
}

# What turns recordings into WAV files, and what measures it.
build_transcoders() {
    # Its first call after a build prepares faster starts, once: that is no part of what is measured.
    "$bench/../../decant" --version >/dev/null
    build_c c-transcode transcode.c
    build_c measured measured.c
}

run_java() {
    exec java -Ddecant.home="$bench/../.." -cp "$target/classes:$target/lib/*" "$@"
}
