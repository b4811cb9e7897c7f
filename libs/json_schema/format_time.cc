#include "libs/json_schema/format_time.h"

#include <string>

#include "re2/re2.h"

namespace penstock::json_schema {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

bool IsLeapYear(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysIn(int year, int month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// A leap second is the last of a UTC day.
bool IsLastMinuteInUtc(int hour, int minute, const std::string& sign, int offset_minutes) {
  const int day = 24 * 60;
  const int local = hour * 60 + minute;
  return (local + (sign == "-" ? offset_minutes : day - offset_minutes)) % day == day - 1;
}

}  // namespace

bool IsDate(std::string_view text) {
  static const RE2& form = *new RE2("([0-9]{4})-([0-9]{2})-([0-9]{2})");
  int year = 0, month = 0, day = 0;
  return RE2::FullMatch(Piece(text), form, &year, &month, &day) && month >= 1 && month <= 12 &&
         day >= 1 && day <= DaysIn(year, month);
}

bool IsTime(std::string_view text) {
  static const RE2& form = *new RE2(
      "([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))");
  int hour = 0, minute = 0, second = 0;
  std::string sign, offset_hour, offset_minute;
  if (!RE2::FullMatch(Piece(text), form, &hour, &minute, &second, &sign, &offset_hour,
                      &offset_minute)) {
    return false;
  }
  const int hours = sign.empty() ? 0 : std::stoi(offset_hour);
  const int minutes = sign.empty() ? 0 : std::stoi(offset_minute);
  if (hour > 23 || minute > 59 || hours > 23 || minutes > 59) return false;
  return second < 60 ||
         (second == 60 && IsLastMinuteInUtc(hour, minute, sign, hours * 60 + minutes));
}

bool IsDateTime(std::string_view text) {
  constexpr size_t kDateBytes = 10;
  return text.size() > kDateBytes && (text[kDateBytes] == 'T' || text[kDateBytes] == 't') &&
         IsDate(text.substr(0, kDateBytes)) && IsTime(text.substr(kDateBytes + 1));
}

bool IsDuration(std::string_view text) {
  static const RE2& form = *new RE2(
      "P(?:[0-9]+W|(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?"
      ")");
  return RE2::FullMatch(Piece(text), form) && text.back() != 'P' && text.back() != 'T';
}

}  // namespace penstock::json_schema
