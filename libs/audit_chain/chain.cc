#include "libs/audit_chain/chain.h"

#include <utility>

#include "libs/crypto/hash.h"
#include "libs/status/macros.h"

namespace penstock::audit_chain {
namespace {

class Follower {
 public:
  explicit Follower(const Source& source) : source_(source) {}

  absl::StatusOr<Verdict> Run() {
    ASSIGN_OR_RETURN(verdict_.end, source_.load_head());
    while (verdict_.problem.empty()) {
      if (source_.is_too_late()) {
        return absl::DeadlineExceededError("the audit log is too long for the call's deadline");
      }
      ASSIGN_OR_RETURN(const std::vector<Link> links, source_.read(last_.sequence));
      if (links.empty()) break;
      for (const Link& link : links) {
        if (!verdict_.problem.empty()) break;
        Follow(link);
      }
    }
    if (verdict_.problem.empty()) RETURN_IF_ERROR(CheckEnd());
    verdict_.checked = last_.sequence;
    return std::move(verdict_);
  }

 private:
  void Broken(int64_t sequence, std::string problem) {
    verdict_.broken_sequence = sequence;
    verdict_.problem = std::move(problem);
  }

  void Follow(const Link& link) {
    if (link.sequence != last_.sequence + 1) {
      return Broken(link.sequence, "rows before it are missing");
    }
    if (link.previous_hash != last_.hash) {
      return Broken(link.sequence, "it does not follow the row before it");
    }
    if (link.hash != link.computed) return Broken(link.sequence, "it is not as it was written");
    last_ = {link.sequence, link.hash};
    if (last_.sequence == verdict_.end.sequence && last_.hash != verdict_.end.hash) {
      Broken(link.sequence, "it is not the row that the end of the log was");
    }
  }

  absl::Status CheckEnd() {
    if (last_.sequence < verdict_.end.sequence) {
      Broken(last_.sequence + 1, "rows are missing at the end");
    }
    if (last_.sequence <= verdict_.end.sequence) return absl::OkStatus();
    // What was written meanwhile is at the new end; what is past that too was not written by us.
    ASSIGN_OR_RETURN(const Head now, source_.load_head());
    if (last_.sequence > now.sequence) {
      Broken(now.sequence + 1, "rows were added past the end of the log");
    }
    return absl::OkStatus();
  }

  const Source& source_;
  Head last_;
  Verdict verdict_;
};

}  // namespace

RowHash& RowHash::Add(std::string_view field) {
  const auto size = static_cast<uint32_t>(field.size());
  for (int shift = 24; shift >= 0; shift -= 8) text_ += static_cast<char>(size >> shift);
  text_ += field;
  return *this;
}

std::string RowHash::Finish() const { return crypto::Sha256(text_); }

absl::StatusOr<Verdict> Verify(const Source& source) { return Follower(source).Run(); }

}  // namespace penstock::audit_chain
