# SPDX-License-Identifier: Apache-2.0
"""The release builds inside any other build, so that tests can look at them."""

# What .bazelrc's release and release-aarch64 say, and nothing of what the
# build around it asks for (a sanitizer's flags); tools/release/bazelrc_test
# holds the two together.
RELEASE_OPTIONS = {
    "aarch64": {"cpu": "aarch64", "platforms": "//tools/release:aarch64"},
    "x86_64": {"cpu": "k8", "platforms": "//tools/release:x86_64"},
}

def _options(settings, attr):
    options = RELEASE_OPTIONS[attr.cpu]
    return {
        "//command_line_option:compilation_mode": "opt",
        "//command_line_option:conlyopt": [],
        "//command_line_option:copt": [],
        "//command_line_option:cpu": options["cpu"],
        "//command_line_option:crosstool_top": "//tools/release:toolchain",
        "//command_line_option:linkopt": [],
        "//command_line_option:platforms": options["platforms"],
        "//command_line_option:strip": "sometimes",
    }

_release = transition(
    implementation = _options,
    inputs = [],
    outputs = ["//command_line_option:" + name for name in [
        "compilation_mode",
        "conlyopt",
        "copt",
        "cpu",
        "crosstool_top",
        "linkopt",
        "platforms",
        "strip",
    ]],
)

LinkAgainInfo = provider(
    doc = "The binary linked once more, by the same command.",
    fields = {
        "map": "the linker's map: which section of which object went where",
        "symbols": "the same binary with its symbol table",
    },
)

def _link_again_impl(target, ctx):
    links = [action for action in target.actions if action.mnemonic == "CppLink"]
    if len(links) != 1:
        fail("{} is not linked by one action".format(target.label))
    symbols = ctx.actions.declare_file(ctx.label.name + ".symbols")
    linker_map = ctx.actions.declare_file(ctx.label.name + ".map")
    output = links[0].outputs.to_list()[0].path
    arguments = []
    for argument in links[0].argv[1:]:
        if argument.startswith("@"):
            continue  # The file of parameters: argv has what is in it too.
        if argument == output:
            argument = symbols.path
        arguments.append(argument.replace(",--strip-all", ",-Map=" + linker_map.path))
    ctx.actions.run(
        outputs = [symbols, linker_map],
        inputs = links[0].inputs,
        executable = links[0].argv[0],
        arguments = arguments,
        mnemonic = "LinkAgain",
    )
    return [LinkAgainInfo(symbols = symbols, map = linker_map)]

_link_again = aspect(implementation = _link_again_impl)

def _release_binary_impl(ctx):
    again = ctx.attr.binary[0][LinkAgainInfo]
    made = []
    for file, extension in [(ctx.executable.binary, ""), (again.symbols, ".symbols"), (again.map, ".map")]:
        made.append(ctx.actions.declare_file(ctx.label.name + extension))
        ctx.actions.symlink(output = made[-1], target_file = file)
    return [
        DefaultInfo(
            executable = made[0],
            files = depset(made[:1]),
            runfiles = ctx.runfiles(files = made),
        ),
        OutputGroupInfo(map = depset(made[2:])),
    ]

release_binary = rule(
    implementation = _release_binary_impl,
    doc = "NAME, as the release build makes it, with NAME.symbols and NAME.map among its runfiles.",
    attrs = {
        "binary": attr.label(
            aspects = [_link_again],
            cfg = _release,
            executable = True,
            mandatory = True,
        ),
        "cpu": attr.string(
            mandatory = True,
            values = RELEASE_OPTIONS.keys(),
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    executable = True,
)
