"""embed_text: a file as a string constant in a header."""

def embed_text(name, src, namespace, symbol, visibility = None):
    """Makes <name>.h with `inline constexpr std::string_view <symbol>` in `namespace`.

    Args:
      name: the cc_library, and the header.
      src: a text file of up to 16 KiB (a string literal's guaranteed length is bounded).
      namespace: of the constant.
      symbol: name of the constant.
      visibility: of the cc_library.
    """
    native.genrule(
        name = name + "_header",
        srcs = [src],
        outs = [name + ".h"],
        cmd = """{
          echo '#pragma once'
          echo '#include <string_view>'
          echo 'namespace %s { inline constexpr std::string_view %s = R"embed('
          cat $<
          echo ')embed"; }'
        } > $@""" % (namespace, symbol),
    )
    native.cc_library(
        name = name,
        hdrs = [name + ".h"],
        visibility = visibility,
    )
