"""cc_grpc_library: C++ messages and gRPC stubs of one proto_library."""

def _generate_impl(ctx):
    proto = ctx.attr.proto[ProtoInfo]
    outputs = []
    arguments = ctx.actions.args()
    root = proto.proto_source_root
    out_root = ctx.bin_dir.path + "/" + ctx.label.workspace_root + "/" + ctx.label.package + "/" + ctx.label.name
    suffixes = [".pb.h", ".pb.cc"] + ([".grpc.pb.h", ".grpc.pb.cc"] if ctx.attr.services else [])
    imports = []
    for source in proto.direct_sources:
        path = source.path
        if path.startswith(root + "/"):
            path = path[len(root) + 1:]
        imports.append(path)
        for suffix in suffixes:
            outputs.append(ctx.actions.declare_file(ctx.label.name + "/" + path[:-len(".proto")] + suffix))
    for path in proto.transitive_proto_path.to_list():
        arguments.add("-I" + path)
    arguments.add("--cpp_out=" + out_root)
    if ctx.attr.services:
        arguments.add("--grpc_out=" + out_root)
        arguments.add("--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin")
    arguments.add_all(imports)
    ctx.actions.run(
        executable = "/usr/bin/protoc",
        arguments = [arguments],
        inputs = proto.transitive_sources,
        outputs = outputs,
        mnemonic = "ProtocGrpc",
        progress_message = "Generating C++ for %s" % ctx.label,
    )
    return [
        DefaultInfo(files = depset(outputs)),
        OutputGroupInfo(
            headers = depset([o for o in outputs if o.path.endswith(".h")]),
            sources = depset([o for o in outputs if o.path.endswith(".cc")]),
        ),
    ]

_generate = rule(
    implementation = _generate_impl,
    attrs = {
        "proto": attr.label(providers = [ProtoInfo], mandatory = True),
        "services": attr.bool(),
    },
)

def cc_grpc_library(name, proto, deps = [], services = False, visibility = None):
    """Compiles a proto_library into a cc_library of the same messages.

    Args:
      name: the cc_library.
      proto: the proto_library.
      deps: cc_grpc_library targets of the protos it imports.
      services: also generate gRPC stubs.
      visibility: of the cc_library.
    """
    _generate(name = name + "_gen", proto = proto, services = services)
    native.filegroup(name = name + "_headers", srcs = [":" + name + "_gen"], output_group = "headers")
    native.filegroup(name = name + "_sources", srcs = [":" + name + "_gen"], output_group = "sources")
    native.cc_library(
        name = name,
        srcs = [":" + name + "_sources"],
        hdrs = [":" + name + "_headers"],
        includes = [name + "_gen"],
        copts = ["-w"],
        deps = deps + ["@system//:protobuf"] + (["@system//:grpc"] if services else []),
        visibility = visibility,
    )
