# SPDX-License-Identifier: Apache-2.0
"""The compiler options of our own code; the libraries keep theirs."""

OVOC_COPTS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wconversion",
    "-Werror",
    "-fno-exceptions",
    "-fno-rtti",
] + select({
    "//tools:gcc": [],
    "//conditions:default": ["-Wthread-safety"],
})
