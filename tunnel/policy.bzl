# SPDX-License-Identifier: Apache-2.0
"""A program or test built with a policy of its own, whatever --//tunnel:policy says."""

def _policy_transition_impl(_settings, attr):
    return {"//tunnel:policy": attr.policy}

_policy_transition = transition(
    implementation = _policy_transition_impl,
    inputs = [],
    outputs = ["//tunnel:policy"],
)

def _with_policy_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = program,
        target_file = ctx.executable.target,
        is_executable = True,
    )
    return [DefaultInfo(
        executable = program,
        runfiles = ctx.attr.target[DefaultInfo].default_runfiles,
    )]

_ATTRS = {
    "policy": attr.string(mandatory = True, values = ["certified", "compat"]),
    "target": attr.label(mandatory = True, executable = True, cfg = "target"),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

policy_binary = rule(
    implementation = _with_policy_impl,
    attrs = _ATTRS,
    cfg = _policy_transition,
    executable = True,
)

policy_test = rule(
    implementation = _with_policy_impl,
    attrs = _ATTRS,
    cfg = _policy_transition,
    test = True,
)
