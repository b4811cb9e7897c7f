#include "libs/audit_chain/chain.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace penstock::audit_chain {
namespace {

// A record of texts, three rows at a time.
struct Record {
  struct Row {
    int64_t sequence;
    std::string text, previous_hash, hash;
  };

  explicit Record(int rows) {
    for (int i = 1; i <= rows; ++i) Append("row " + std::to_string(i));
  }
  void Append(const std::string& text) {
    const std::string hash = RowHash(head.hash).Add(text).Finish();
    rows.push_back({head.sequence + 1, text, head.hash, hash});
    head = {head.sequence + 1, hash};
  }
  Verdict Check() {
    const absl::StatusOr<Verdict> verdict =
        Verify({.load_head = [this] { return head; },
                .read = [this](int64_t after) { return Read(after); },
                .is_too_late = [] { return false; }});
    REQUIRE(verdict.ok());
    return *verdict;
  }
  absl::StatusOr<std::vector<Link>> Read(int64_t after) const {
    std::vector<Link> links;
    for (const Row& row : rows) {
      if (row.sequence <= after || links.size() == 3) continue;
      links.push_back({row.sequence, row.previous_hash, row.hash,
                       RowHash(row.previous_hash).Add(row.text).Finish()});
    }
    return links;
  }

  std::vector<Row> rows;
  Head head;
};

TEST_CASE("a record as it was written is intact") {
  Record record(7);
  const Verdict verdict = record.Check();
  CHECK(verdict.problem.empty());
  CHECK(verdict.broken_sequence == 0);
  CHECK(verdict.checked == 7);
  CHECK(verdict.end.sequence == 7);
  CHECK(Record(0).Check().problem.empty());
}

TEST_CASE("the first row that is not as it was written is named") {
  Record record(7);
  SECTION("changed") {
    record.rows[4].text = "another";
    CHECK(record.Check().broken_sequence == 5);
    CHECK(record.Check().checked == 4);
  }
  SECTION("changed together with its hash") {
    record.rows[4].text = "another";
    record.rows[4].hash = RowHash(record.rows[4].previous_hash).Add("another").Finish();
    CHECK(record.Check().broken_sequence == 6);
  }
  SECTION("removed") {
    record.rows.erase(record.rows.begin() + 2);
    CHECK(record.Check().broken_sequence == 4);
  }
  SECTION("removed at the end") {
    record.rows.pop_back();
    CHECK(record.Check().broken_sequence == 7);
  }
  SECTION("all removed") {
    record.rows.clear();
    CHECK(record.Check().broken_sequence == 1);
  }
  SECTION("two in each other's place") {
    std::swap(record.rows[2].text, record.rows[3].text);
    CHECK(record.Check().broken_sequence == 3);
  }
  SECTION("added at the end") {
    const Head end = record.head;
    record.Append("not ours");
    record.head = end;
    CHECK(record.Check().broken_sequence == 8);
  }
  SECTION("written anew from some row on") {
    const Head end = record.head;
    Record forged(3);
    for (int i = 4; i <= 7; ++i) forged.Append("forged");
    forged.head = end;
    CHECK(forged.Check().broken_sequence == 7);
  }
}

TEST_CASE("what is appended during the look is no problem") {
  Record record(4);
  const Head before = record.head;
  record.Append("meanwhile");
  int looks = 0;
  const absl::StatusOr<Verdict> verdict =
      Verify({.load_head = [&] { return looks++ == 0 ? before : record.head; },
              .read = [&](int64_t after) { return record.Read(after); },
              .is_too_late = [] { return false; }});
  REQUIRE(verdict.ok());
  CHECK(verdict->problem.empty());
  CHECK(verdict->checked == 5);
}

TEST_CASE("a record that is too long for the time given has no verdict") {
  Record record(4);
  const absl::StatusOr<Verdict> verdict =
      Verify({.load_head = [&] { return record.head; },
              .read = [&](int64_t after) { return record.Read(after); },
              .is_too_late = [] { return true; }});
  CHECK(absl::IsDeadlineExceeded(verdict.status()));
}

TEST_CASE("fields do not run into each other") {
  CHECK(RowHash("").Add("ab").Add("c").Finish() != RowHash("").Add("a").Add("bc").Finish());
}

}  // namespace
}  // namespace penstock::audit_chain
