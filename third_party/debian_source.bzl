# SPDX-License-Identifier: Apache-2.0
"""Bazel repositories made of what tools/bazel put on this machine."""

# Kept in step with CACHE in tools/bazel.
_CACHE = ".cache/ovoc-tunnel/sources"

def _version(ctx):
    for line in ctx.read(ctx.attr.lock).splitlines():
        words = line.split(" ")
        if words[0] == "source" and words[1] == ctx.name:
            return words[2] + "_" + words[3]
    fail("third_party/sources.lock has no source line for " + ctx.name)

def _debian_source_impl(ctx):
    folder = "{}/{}/{}".format(ctx.os.environ["HOME"], _CACHE, _version(ctx))
    if not ctx.path(folder).exists:
        fail(folder + " is missing: run tools/bazel --setup-only")
    for entry in ctx.path(folder).readdir():
        if entry.basename not in ("WORKSPACE", ".pc"):
            ctx.symlink(entry, entry.basename)
    ctx.file("WORKSPACE", "")
    if ctx.attr.build_file:
        ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

debian_source = repository_rule(
    implementation = _debian_source_impl,
    doc = "The unpacked Debian source package that the lock file names for this repository.",
    attrs = {
        "build_file": attr.label(doc = "For a package without Bazel files of its own.", allow_single_file = True),
        "lock": attr.label(default = "//third_party:sources.lock", allow_single_file = True),
    },
    environ = ["HOME"],
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
