#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds every fuzz target with the compiler and the flags that ClusterFuzzLite
# gives (CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE) and puts them with their
# corpora and dictionaries into OUT. Its image has none of Debian's Bazel, so
# the compiler is called directly. What a fuzzer needs is found by its includes:
# one concept is x.h and x.cc.
#
# LIBRARIES (default $SRC/libraries) holds the libraries' sources, as
# ~/.cache/ovoc-tunnel/sources does.

set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")"
[[ -d fuzz ]] || cd "${REPOSITORY:-$SRC/ovoc-tunnel}"

readonly LIBRARIES="${LIBRARIES:-$SRC/libraries}"
readonly WORK="${WORK:-/tmp/fuzz-work}"
readonly JOBS="${JOBS:-$(nproc)}"
absl=$(echo "$LIBRARIES"/abseil_*/)
boringssl=$(printf '%s\n' "$LIBRARIES"/android-platform-external-boringssl_*/ | sort -V | tail -1)
read -ra c_flags <<<"${CFLAGS:-}"
read -ra cxx_flags <<<"${CXXFLAGS:-} -std=c++20"
# Our code has no RTTI, and BoringSSL calls through pointers of near types.
c_flags+=(-fno-sanitize=function)
cxx_flags+=('-fno-sanitize=function,vptr')
readonly INCLUDES=(-isystem "$absl" -isystem "${boringssl}src/include")

# objects FOLDER COMPILER FLAG... : compiles the sources that stdin names.
objects() {
  local folder=$WORK/$1
  shift
  mkdir -p "$folder"
  export folder
  # shellcheck disable=SC2016
  xargs -P "$JOBS" -I{} bash -c 'name=$1; shift; "$@" -c "$name" -o "$folder/${name//\//%}.o"' _ {} "$@"
}

# Abseil without its tests, benchmarks and generators.
find "$absl/absl" -name '*.cc' -print0 |
  xargs -0 grep -LE 'gtest/|gmock/|benchmark/|int main\(' |
  objects absl "$CXX" "${cxx_flags[@]}" -w -I"$absl"

# BoringSSL's libcrypto, in C alone. Its list of sources reads as Python.
(cd "$boringssl" &&
  python3 -c 'exec(open("BUILD.generated.bzl").read()); print("\n".join(crypto_sources))' |
  objects boringssl "$CC" "${c_flags[@]}" -w -std=c11 -D_XOPEN_SOURCE=700 -DOPENSSL_NO_ASM -Isrc/include)

# needed SOURCE: prints the sources of ours whose headers it includes, however deep.
needed() {
  local -A known=()
  local -a wave=("$1") next
  local source
  while ((${#wave[@]})); do
    next=()
    # shellcheck disable=SC1003
    while read -r source; do
      if [[ -f $source && -z ${known[$source]:-} ]]; then
        known[$source]=1
        next+=("$source")
      fi
    done < <("$CXX" "${cxx_flags[@]}" "${INCLUDES[@]}" -I. -MM "${wave[@]}" | tr -s ' \\' '\n' |
      sed -nE 's#^(\./)?((auth|conformance|frame|fuzz|netif|tunnel)/.*)\.h$#\2.cc#p' | sort -u)
    wave=("${next[@]}")
  done
  printf '%s\n' "${!known[@]}"
}

for fuzzer in fuzz/*_fuzzer.cc; do
  needed "$fuzzer" >"$WORK/$(basename "$fuzzer").needed"
done
{
  printf '%s\n' fuzz/*_fuzzer.cc
  cat "$WORK"/*.needed
} | sort -u |
  objects ovoc "$CXX" "${cxx_flags[@]}" "${INCLUDES[@]}" -I. -fno-rtti -fno-exceptions

# What Bazel makes.
fuzz/script/make_pem_files testdata/certificates/*.pem >"$WORK/pem_files.cc"
echo "$WORK/pem_files.cc" | objects generated "$CXX" "${cxx_flags[@]}" "${INCLUDES[@]}" -I.

for fuzzer in fuzz/*_fuzzer.cc; do
  name=$(basename "$fuzzer" _fuzzer.cc)
  mapfile -t own < <(printf '%s\n' "$fuzzer" | cat - "$WORK/${name}_fuzzer.cc.needed" | grep . |
    sed "s#/#%#g; s#^#$WORK/ovoc/#; s#\$#.o#")
  "$CXX" "${cxx_flags[@]}" "${own[@]}" -Wl,--start-lib "$WORK"/generated/*.o "$WORK"/absl/*.o \
    "$WORK"/boringssl/*.o -Wl,--end-lib "$LIB_FUZZING_ENGINE" -fuse-ld=lld -lpthread -o "$OUT/$name"
  cp "fuzz/dictionary/$name.dict" "$OUT/$name.dict"
  (cd "fuzz/corpus/$name" && find . -type f -print0 | xargs -0 zip -q "$OUT/${name}_seed_corpus.zip")
done
