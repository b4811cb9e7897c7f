#include "libs/json/lookup.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/json/quote.h"
#include "simdjson.h"

namespace penstock::json {

namespace ondemand = simdjson::ondemand;

struct Lookup::Buffers {
  ondemand::parser parser;
  ondemand::document document;
  std::string text;  // with capacity for simdjson's padding
};

// Buffers of the thread that are not in use. What a large text needed is given back at once.
class Lookup::Pool {
 public:
  static Pool& OfThread() {
    static thread_local Pool pool;
    return pool;
  }

  std::unique_ptr<Buffers> Take() {
    if (free_.empty()) return std::make_unique<Buffers>();
    std::unique_ptr<Buffers> taken = std::move(free_.back());
    free_.pop_back();
    return taken;
  }

  void Give(std::unique_ptr<Buffers> buffers) {
    constexpr size_t kMaxKept = 4;
    constexpr size_t kMaxKeptBytes = 256 << 10;
    if (free_.size() < kMaxKept && buffers->text.capacity() <= kMaxKeptBytes) {
      free_.push_back(std::move(buffers));
    }
  }

 private:
  std::vector<std::unique_ptr<Buffers>> free_;
};

Lookup::Lookup(std::string_view text) : buffers_(Pool::OfThread().Take()) {
  std::string& copy = buffers_->text;
  copy.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  copy.assign(text);
  readable_ = buffers_->parser.iterate(copy.data(), copy.size(), copy.capacity())
                  .get(buffers_->document) == simdjson::SUCCESS;
}

Lookup::~Lookup() { Pool::OfThread().Give(std::move(buffers_)); }

namespace {

// simdjson compares keys as written, so that an escaped letter in the text would hide a key that has letters outside ASCII.
bool KeyMayBeEscaped(std::string_view key) {
  return std::any_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) < 0x20 ||
           c == '"' || c == '\\' || c == '/' || c == '<' || c == '>' || c == '&' || c == '\'';
  });
}

bool FindMember(ondemand::object object, std::string_view key, ondemand::value& found) {
  if (!KeyMayBeEscaped(key)) {
    return object.find_field_unordered(key).get(found) == simdjson::SUCCESS;
  }
  for (auto field : object) {
    std::string_view name;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
    if (name == key) return field.value().get(found) == simdjson::SUCCESS;
  }
  return false;
}

bool Descend(const PathSegment& segment, ondemand::value& value) {
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS &&
           FindMember(object, segment.key, value);
  }
  if (type == ondemand::json_type::array && segment.index) {
    ondemand::array array;
    return value.get_array().get(array) == simdjson::SUCCESS &&
           array.at(*segment.index).get(value) == simdjson::SUCCESS;
  }
  return false;
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void AppendCompact(std::string_view json, std::string& out) {
  const size_t before = out.size();
  out.resize(before + json.size() + simdjson::SIMDJSON_PADDING);
  size_t size = 0;
  const simdjson::error_code error =
      simdjson::minify(json.data(), json.size(), out.data() + before, size);
  out.resize(before + (error == simdjson::SUCCESS ? size : 0));
}

// As it is written in the text, or for a string its content.
struct Scalar {
  std::string_view token;
  bool is_string = false;
};

template <typename Value>
bool ReadScalar(Value& value, ondemand::json_type type, Scalar& scalar) {
  scalar.is_string = type == ondemand::json_type::string;
  if (scalar.is_string) return value.get_string().get(scalar.token) == simdjson::SUCCESS;
  std::string_view token;
  if (simdjson::simdjson_result<std::string_view>(value.raw_json_token()).get(token) !=
      simdjson::SUCCESS) {
    return false;
  }
  scalar.token = Trimmed(token);
  return true;
}

bool ReadComposite(ondemand::value& value, ondemand::json_type type, std::string_view& raw) {
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS &&
           object.raw_json().get(raw) == simdjson::SUCCESS;
  }
  ondemand::array array;
  return value.get_array().get(array) == simdjson::SUCCESS &&
         array.raw_json().get(raw) == simdjson::SUCCESS;
}

}  // namespace

// Calls sink(scalar) or sink(raw JSON of an object or array).
template <typename Sink>
bool Lookup::Visit(const Path& path, size_t from, Sink&& sink) {
  if (!readable_) return false;
  ondemand::document& document = buffers_->document;
  document.rewind();
  ondemand::json_type type;
  if (document.type().get(type) != simdjson::SUCCESS) return false;
  const bool composite =
      type == ondemand::json_type::object || type == ondemand::json_type::array;
  if (from >= path.size()) {
    if (composite) return sink(Trimmed(buffers_->text));
    Scalar scalar;
    return ReadScalar(document, type, scalar) && sink(scalar);
  }
  ondemand::value value;
  if (!composite || document.get_value().get(value) != simdjson::SUCCESS) return false;
  for (size_t i = from; i < path.size(); ++i) {
    if (!Descend(path[i], value)) return false;
  }
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
    std::string_view raw;
    return ReadComposite(value, type, raw) && sink(raw);
  }
  Scalar scalar;
  return ReadScalar(value, type, scalar) && sink(scalar);
}

namespace {

struct JsonSink {
  std::string& out;
  bool operator()(std::string_view composite) const {
    AppendCompact(composite, out);
    return true;
  }
  bool operator()(const Scalar& scalar) const {
    scalar.is_string ? AppendQuoted(out, scalar.token) : void(out.append(scalar.token));
    return true;
  }
};

struct TextSink {
  std::string& out;
  bool operator()(std::string_view composite) const {
    AppendCompact(composite, out);
    return true;
  }
  bool operator()(const Scalar& scalar) const {
    if (scalar.is_string || scalar.token != "null") out.append(scalar.token);
    return true;
  }
};

}  // namespace

bool Lookup::AppendJson(const Path& path, size_t from, std::string& out) {
  return Visit(path, from, JsonSink{out});
}

bool Lookup::AppendText(const Path& path, size_t from, std::string& out) {
  return Visit(path, from, TextSink{out});
}

}  // namespace penstock::json
