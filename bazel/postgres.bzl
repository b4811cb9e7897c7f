"""pg_queries: named SQL files as statements of libs/postgres."""

def _camel(text):
    return "".join([part.capitalize() for part in text.split("_")])

def _default_namespace():
    parts = native.package_name().split("/")
    if parts[0] in ["libs", "services"]:
        parts = parts[1:]
    return "::".join(["penstock"] + parts)

def pg_queries(name, srcs, namespace = None, visibility = None):
    """Makes <package>/<name>.h of .sql files, one statement each, and a cc_library of it.

    sql/insert_rows.sql becomes `inline constexpr ::penstock::postgres::Statement kInsertRows`. All of them are also in an
    array, kAllQueries for name = "queries", so that a test can prepare every one against the migrated schema.

    Args:
      name: of the header and the cc_library; snake_case.
      srcs: .sql files; the file's name is the statement's.
      namespace: of the constants; by default the package's: services/scheduler/storage -> penstock::scheduler::storage.
      visibility: of the cc_library.
    """
    native.genrule(
        name = name + "_header",
        srcs = srcs,
        outs = [name + ".h"],
        cmd = "$(location //bazel:pg_queries.sh) '%s' 'kAll%s' $(SRCS) > $@" % (
            namespace or _default_namespace(),
            _camel(name),
        ),
        tools = ["//bazel:pg_queries.sh"],
        visibility = ["//visibility:private"],
    )
    native.cc_library(
        name = name,
        hdrs = [name + ".h"],
        deps = ["//libs/postgres:statement"],
        visibility = visibility,
    )
