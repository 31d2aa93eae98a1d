# SPDX-License-Identifier: Apache-2.0
"""The flags of the release builds: their one place."""

_COMPILE = [
    "-O2",
    "-g0",
    "-DNDEBUG",
    "-fPIE",
    "-flto=thin",
    # Objects with CFI and those without can only be linked together so.
    "-fsplit-lto-unit",
    "-ffunction-sections",
    "-fdata-sections",
    # Nothing unwinds: no exceptions, here nor in the libraries' code.
    "-fno-exceptions",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-fstack-protector-strong",
    "-fstack-clash-protection",
    "-ftrivial-auto-var-init=zero",
    "-U_FORTIFY_SOURCE",
    "-D_FORTIFY_SOURCE=3",
]

# Nothing of the folder and of the day may get into an object.
RELEASE_UNFILTERED = [
    "-no-canonical-prefixes",
    "-ffile-prefix-map=/proc/self/cwd=.",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
]

# For our own code only (tools/ovoc_cc.bzl). A finding is a trap: the runtime
# that would explain it to a person would be there for an attacker too.
RELEASE_CFI = [
    "-fsanitize=cfi",
    "-fsanitize-trap=cfi",
]

_LINK = [
    "-fuse-ld=lld",
    "-no-canonical-prefixes",
    "-static-pie",
    "-flto=thin",
    "-Wl,-O2,--gc-sections,--icf=safe",
    "-Wl,--pack-dyn-relocs=relr",
    "-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code",
    "-Wl,--build-id=sha1,--fatal-warnings,--strip-all",
]

RELEASE_LIBS = [
    "-lstdc++",
    "-lm",
]

# Indirect branches and returns that only go where they may (CET; BTI and PAC).
RELEASE_COMPILE = {
    "aarch64": ["--target=aarch64-linux-gnu"] + _COMPILE + ["-mbranch-protection=standard"],
    "x86_64": ["--target=x86_64-linux-gnu"] + _COMPILE + ["-fcf-protection=full"],
}

RELEASE_LINK = {
    "aarch64": ["--target=aarch64-linux-gnu"] + _LINK,
    "x86_64": ["--target=x86_64-linux-gnu"] + _LINK,
}
