#include <sodium.h>

#include <utility>

#include "libs/sandbox/protocol.h"
#include "libs/sandbox/sandbox.h"

namespace penstock::sandbox {

std::shared_ptr<const Script> Script::Create(ScriptKind kind, std::vector<std::string> parameters,
                                             std::string source) {
  // Each text with its length in front, so that no two scripts hash the same bytes.
  std::string text;
  {
    protocol::FrameWriter writer(text, protocol::FrameType::kDefine);
    writer.PutU8(static_cast<uint8_t>(kind));
    writer.PutU32(static_cast<uint32_t>(parameters.size()));
    for (const std::string& name : parameters) writer.PutString(name);
    writer.PutString(source);
  }
  std::shared_ptr<Script> script(new Script());
  script->hash_.resize(protocol::kHashBytes);
  crypto_generichash(reinterpret_cast<unsigned char*>(script->hash_.data()), script->hash_.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  script->kind_ = kind;
  script->parameters_ = std::move(parameters);
  script->source_ = std::move(source);
  return script;
}

}  // namespace penstock::sandbox
