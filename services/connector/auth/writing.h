// For whom a request is written.
#pragma once

namespace penstock::connector {

enum class Writing {
  kSent,   // for the wire: encoded as each place asks for
  kShown,  // for people, in a dry run: credentials are placeholders, and stay readable
};

}  // namespace penstock::connector
