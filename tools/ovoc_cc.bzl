# SPDX-License-Identifier: Apache-2.0
"""The compiler options of our own code; the libraries keep theirs."""

load("//tools/release:flags.bzl", "RELEASE_CFI")

OVOC_COPTS = [
    "-Wall",
    "-Wextra",
    "-fno-exceptions",
    "-fno-rtti",
    "-Wshadow",
    "-Wconversion",
    "-Wthread-safety",
    "-Werror",
    # The libraries' headers have standards of their own.
    "--system-header-prefix=absl/",
    "--system-header-prefix=gmock/",
    "--system-header-prefix=gtest/",
    "--system-header-prefix=openssl/",
] + select({
    "//tools/release:chosen": RELEASE_CFI,
    "//conditions:default": [],
})
