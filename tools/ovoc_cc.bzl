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
    "//conditions:default": [
        "-Wthread-safety",
        # The libraries' headers keep their own standards of warning.
        "--system-header-prefix=absl/",
        "--system-header-prefix=gmock/",
        "--system-header-prefix=gtest/",
        "--system-header-prefix=openssl/",
    ],
})
