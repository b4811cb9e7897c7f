"""The one place that names what Penstock builds with and did not write.

Everything comes from Debian 12 packages (the list is bazel/packages.txt), so a
build needs no network and is the same everywhere. Headers are found on the
compiler's default path; each library below only says how to link.
"""

_LIB = """
cc_library(
    name = "{name}",
    linkopts = {linkopts},
    includes = {includes},
    hdrs = glob({hdrs}),
    visibility = ["//visibility:public"],
)
"""

_WELL_KNOWN_PROTOS = """
load("@rules_proto//proto:defs.bzl", "proto_library")

proto_library(
    name = "well_known_protos",
    srcs = glob(["include/google/protobuf/*.proto"]),
    strip_import_prefix = "include",
    visibility = ["//visibility:public"],
)
"""

# name -> (link options, include directories under /usr/include)
_LIBRARIES = {
    "absl": (["-labsl_status", "-labsl_statusor", "-labsl_synchronization", "-labsl_time", "-labsl_time_zone", "-labsl_civil_time", "-labsl_strings", "-labsl_str_format_internal", "-labsl_hash", "-labsl_city", "-labsl_low_level_hash", "-labsl_raw_hash_set", "-labsl_random_distributions", "-labsl_random_seed_sequences", "-labsl_random_internal_pool_urbg", "-labsl_random_internal_randen", "-labsl_random_internal_randen_hwaes", "-labsl_random_internal_randen_hwaes_impl", "-labsl_random_internal_randen_slow", "-labsl_random_internal_platform", "-labsl_random_internal_seed_material", "-labsl_random_seed_gen_exception", "-labsl_cord", "-labsl_cord_internal", "-labsl_cordz_functions", "-labsl_cordz_handle", "-labsl_cordz_info", "-labsl_base", "-labsl_int128", "-labsl_throw_delegate", "-labsl_raw_logging_internal"], []),
    "boost": ([], []),
    "catch2": ([], []),
    "curl": (["-lcurl"], []),
    "fmt": (["-lfmt"], []),
    "grpc": (["-lgrpc++", "-lgrpc", "-lgpr"], []),
    "grpc_reflection": (["-Wl,--push-state,--no-as-needed", "-lgrpc++_reflection", "-Wl,--pop-state"], []),
    "mozjs": (["-lmozjs-102"], ["mozjs-102"]),
    "nlohmann_json": ([], []),
    "pq": (["-lpq"], ["postgresql"]),
    "prometheus": (["-lprometheus-cpp-core"], []),
    "protobuf": (["-lprotobuf"], []),
    "re2": (["-lre2"], []),
    "seccomp": (["-lseccomp"], []),
    "simdjson": (["-lsimdjson"], []),
    "sodium": (["-lsodium"], []),
    "spdlog": (["-lspdlog", "-lfmt"], []),
    "ssl": (["-lssl", "-lcrypto"], []),
    "threads": (["-pthread"], []),
    "valijson": ([], []),
    "z": (["-lz"], []),
}

def _build_file():
    text = _WELL_KNOWN_PROTOS
    for name, (linkopts, includes) in _LIBRARIES.items():
        text += _LIB.format(
            name = name,
            linkopts = linkopts,
            includes = ["include/" + i for i in includes],
            hdrs = ["include/{}/**/*.h".format(i) for i in includes],
        )
    return text

def outside_libraries():
    """Declares every repository that lies outside this tree."""
    native.local_repository(name = "rules_proto", path = "/usr/share/bazel/rules/proto")
    native.local_repository(name = "rules_java", path = "/usr/share/bazel/rules/java")
    native.local_repository(name = "bazel_skylib", path = "/usr/share/bazel/tools/skylib")
    native.local_repository(name = "platforms", path = "/usr/share/bazel/platforms")

    # The packaged rules_cc does not load with the packaged Bazel.
    native.local_repository(name = "rules_cc", path = "bazel/rules_cc")
    native.local_repository(name = "remote_coverage_tools", path = "bazel/coverage")

    native.new_local_repository(
        name = "system",
        path = "/usr",
        build_file_content = _build_file(),
    )

    # The official tests of JSON Schema.
    native.new_local_repository(
        name = "json_schema_test_suite",
        path = "/usr/share/json-schema-test-suite",
        build_file_content = """
filegroup(
    name = "draft7",
    srcs = glob(["tests/draft7/**/*.json"]),
    visibility = ["//visibility:public"],
)
""",
    )
