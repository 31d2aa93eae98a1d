# SPDX-License-Identifier: Apache-2.0
"""Bazel repositories made of what tools/bazel put on this machine."""

# Kept in step with CACHE in tools/bazel.
_CACHE = ".cache/ovoc-tunnel/sources"

def _locked(ctx):
    """The versions of this repository that the lock file has, in its order.

    Each is a struct of its folder's name, its version and the note that
    tools/bazel leaves beside the folder when it is whole."""
    versions = []
    for line in ctx.read(ctx.attr.lock).splitlines():
        words = line.split(" ")
        if words[0] in ("source", "original"):
            versions.append(struct(
                repository = words[1],
                folder = words[2] + "_" + words[3],
                version = words[3],
                note = [],
            ))
        elif len(words) == 2 and versions:
            versions[-1].note.append(words[0] + "  " + words[1])
    return [version for version in versions if version.repository == ctx.name]

def _unpacked(ctx):
    """The first of them that is on this machine, and its path."""
    for locked in _locked(ctx):
        path = "{}/{}/{}".format(ctx.os.environ["HOME"], _CACHE, locked.folder)
        note = ctx.path(path + ".sum")
        if note.exists and ctx.read(note).strip().split("\n") == locked.note:
            return path, locked.version
    fail("{} is not unpacked: run tools/bazel --setup-only".format(ctx.name))

def _edit_build_file(ctx):
    text = ctx.read("BUILD")
    for old, new in ctx.attr.build_edits.items():
        if old not in text:
            fail("BUILD of {} has no longer: {}".format(ctx.name, old))
        text = text.replace(old, new)
    ctx.file("BUILD.bazel", text)

_ORIGIN = """// Written by third_party/debian_source.bzl of this copy of BoringSSL.
#define OVOC_BORINGSSL_VERSION "{}"
#define OVOC_BORINGSSL_REVISION "{}"
"""

def _debian_source_impl(ctx):
    folder, version = _unpacked(ctx)
    for entry in ctx.path(folder).readdir():
        if entry.basename not in ("WORKSPACE", ".pc"):
            ctx.symlink(entry, entry.basename)
    ctx.file("WORKSPACE", "")
    if ctx.attr.build_file:
        ctx.symlink(ctx.attr.build_file, "BUILD.bazel")
    if ctx.attr.build_edits:
        _edit_build_file(ctx)
    if ctx.attr.origin:
        revision = ctx.read("BORINGSSL_REVISION").strip()
        ctx.file(ctx.attr.origin, _ORIGIN.format(version, revision))

debian_source = repository_rule(
    implementation = _debian_source_impl,
    doc = "The first of the versions that the lock file has for this repository that tools/bazel could unpack.",
    attrs = {
        "build_edits": attr.string_dict(doc = "What in the library's own BUILD is replaced, and by what."),
        "build_file": attr.label(doc = "For a package without Bazel files of its own.", allow_single_file = True),
        "lock": attr.label(default = "//third_party:sources.lock", allow_single_file = True),
        "origin": attr.string(doc = "The header that is to say which BoringSSL this is."),
    },
    # The second is set by tools/bazel, for its change alone: another version is
    # unpacked, so the repository is made anew.
    environ = ["HOME", "OVOC_TUNNEL_SOURCES"],
    local = True,
)

def _debian_rules_cc_impl(ctx):
    ctx.execute(["cp", "-rL", "/usr/share/bazel/rules/cc/.", "."])
    for name in ("compiler_flag.bzl", "cc_flags_supplier.bzl"):
        path = "cc/private/rules_impl/" + name
        text = ctx.read(path)
        text = text.replace(", \"use_cpp_toolchain\"", "")
        text = text.replace("use_cpp_toolchain()", "[\"@bazel_tools//tools/cpp:toolchain_type\"]")
        ctx.file(path, text)

debian_rules_cc = repository_rule(
    implementation = _debian_rules_cc_impl,
    doc = """Debian's rules_cc, fitted to Debian's Bazel: the packaged rules call
use_cpp_toolchain, which the packaged Bazel 4.2.3 does not have yet.""",
    local = True,
)

def _no_coverage_tools_impl(ctx):
    ctx.file("stub.sh", "#!/bin/sh\nexit 0\n", executable = True)
    ctx.file("BUILD", "\n".join([
        "sh_binary(name = \"{}\", srcs = [\"stub.sh\"], visibility = [\"//visibility:public\"])".format(name)
        for name in ("coverage_report_generator", "lcov_merger")
    ]))

no_coverage_tools = repository_rule(
    implementation = _no_coverage_tools_impl,
    doc = """Stands in for Bazel's Java coverage tools, which every cc_test names and
Debian does not package. Coverage here is clang's own: --config=coverage.""",
)
