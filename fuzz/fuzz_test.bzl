# SPDX-License-Identifier: Apache-2.0
"""cc_fuzz_test, with the attributes and target names of rules_fuzzing."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")
load("//tools:ovoc_cc.bzl", "OVOC_COPTS")

def _fuzz_corpus_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    names = ctx.actions.args()
    names.add_all(ctx.files.srcs)
    names.use_param_file("%s", use_always = True)
    names.set_param_file_format("multiline")
    ctx.actions.run_shell(
        inputs = ctx.files.srcs,
        outputs = [folder],
        arguments = [folder.path, names],
        command = "xargs -r -d '\\n' -a \"$2\" cp -L -t \"$1\"",
        mnemonic = "FuzzCorpus",
    )
    return [DefaultInfo(
        files = depset([folder]),
        runfiles = ctx.runfiles(files = [folder]),
    )]

_fuzz_corpus = rule(
    implementation = _fuzz_corpus_impl,
    doc = "One folder with all inputs in it. Two inputs of one name are an error.",
    attrs = {"srcs": attr.label_list(allow_files = True)},
)

# buildifier: disable=function-docstring-args
def cc_fuzz_test(
        name,
        srcs,
        deps,
        corpus = None,
        dicts = None,
        covers = [],
        max_len = 4096,
        tags = [],
        size = "small",
        **kwargs):
    """A fuzz target: srcs define LLVMFuzzerTestOneInput.

    Makes these targets:
      NAME         a test that replays the corpus, in every build
      NAME_bin     with --config=fuzz the fuzzer, else the replayer
      NAME_run     starts NAME_bin to fuzz; needs --config=fuzz
      NAME_corpus  a folder with the inputs
      NAME_dict    the dictionary

    Args:
      corpus: inputs; the files of corpus/NAME unless told.
      dicts: dictionaries; dictionary/NAME.dict unless told.
      covers: the source files of the concept under test, from the root of the
        repository, whose line coverage the campaign reports. A literal list:
        the campaign reads name and covers out of the BUILD file.
      max_len: bytes of the longest input a fuzzer makes; a literal too.
    """
    if corpus == None:
        corpus = native.glob(["corpus/" + name + "/**"])
    if dicts == None:
        dicts = ["dictionary/" + name + ".dict"]
    if type(covers) != "list":
        fail("covers is a list of files")

    _fuzz_corpus(
        name = name + "_corpus",
        testonly = True,
        srcs = corpus,
    )
    native.genrule(
        name = name + "_dict_file",
        testonly = True,
        srcs = dicts,
        outs = [name + ".dict"],
        cmd = "cat $(SRCS) > $@",
    )
    native.filegroup(
        name = name + "_dict",
        testonly = True,
        srcs = [name + ".dict"],
    )
    cc_library(
        name = name + "_raw_",
        testonly = True,
        srcs = srcs,
        copts = OVOC_COPTS,
        deps = deps + ["//fuzz/oracle:expect"],
        alwayslink = True,
        **kwargs
    )
    cc_test(
        name = name,
        size = size,
        args = ["$(rootpath :%s_corpus)" % name],
        data = [":%s_corpus" % name],
        linkstatic = True,
        tags = tags + ["fuzz-test"],
        deps = [
            ":%s_raw_" % name,
            "//fuzz:replay_main",
        ],
    )
    cc_binary(
        name = name + "_bin",
        testonly = True,
        linkopts = select({
            "//fuzz:libfuzzer": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = tags,
        deps = [":%s_raw_" % name] + select({
            "//fuzz:libfuzzer": [],
            "//conditions:default": ["//fuzz:replay_main"],
        }),
    )
    native.py_binary(
        name = name + "_run",
        testonly = True,
        srcs = ["//fuzz:launcher.py"],
        args = [
            "--name=" + name,
            "--engine_binary=$(rootpath :%s_bin)" % name,
            "--corpus_dir=$(rootpath :%s_corpus)" % name,
            "--dictionary_path=$(rootpath :%s_dict)" % name,
            "--max_len=%d" % max_len,
        ] + select({
            "//fuzz:libfuzzer": ["--engine=libfuzzer"],
            "//conditions:default": ["--engine=replay"],
        }),
        data = [
            ":%s_bin" % name,
            ":%s_corpus" % name,
            ":%s_dict" % name,
        ],
        main = "//fuzz:launcher.py",
        python_version = "PY3",
        srcs_version = "PY3",
        tags = tags,
    )
