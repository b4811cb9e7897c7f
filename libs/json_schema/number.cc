#include "libs/json_schema/number.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace penstock::json_schema {
namespace {

using Json = nlohmann::json;

// Holds every int64, uint64 and double exactly.
static_assert(std::numeric_limits<long double>::digits >= 64);

long double Exact(const Json& number) {
  if (number.is_number_unsigned()) return number.get<uint64_t>();
  if (number.is_number_integer()) return number.get<int64_t>();
  return number.get<double>();
}

// |number| = digits * 10^exponent.
struct Decimal {
  unsigned __int128 digits = 0;
  int exponent = 0;
};

// The shortest decimal that reads back as this double, which is what was written unless someone
// wrote more digits than a double has.
Decimal FromDouble(double number) {
  char text[32];
  const auto written =
      std::to_chars(text, text + sizeof(text), number, std::chars_format::scientific);
  const std::string_view all(text, written.ptr - text);
  const size_t e = all.find('e');
  Decimal decimal;
  const std::string_view exponent = all.substr(e + 1);
  const bool plus = exponent[0] == '+';
  std::from_chars(exponent.data() + plus, exponent.data() + exponent.size(), decimal.exponent);
  bool fraction = false;
  for (const char c : all.substr(0, e)) {
    if (c == '.') {
      fraction = true;
    } else {
      decimal.digits = decimal.digits * 10 + (c - '0');
      decimal.exponent -= fraction;
    }
  }
  return decimal;
}

Decimal ToDecimal(const Json& number) {
  if (number.is_number_unsigned()) return {number.get<uint64_t>(), 0};
  if (number.is_number_float()) return FromDouble(std::fabs(number.get<double>()));
  const int64_t integer = number.get<int64_t>();
  return {integer < 0 ? 0 - static_cast<uint64_t>(integer) : static_cast<uint64_t>(integer), 0};
}

}  // namespace

int CompareNumbers(const Json& left, const Json& right) {
  const long double a = Exact(left);
  const long double b = Exact(right);
  return (a > b) - (a < b);
}

bool IsInteger(const Json& number) {
  if (!number.is_number_float()) return number.is_number();
  const double value = number.get<double>();
  return std::isfinite(value) && std::trunc(value) == value;
}

bool IsMultiple(const Json& number, const Json& divisor) {
  if (number.is_number_float() && !std::isfinite(number.get<double>())) return false;
  const Decimal value = ToDecimal(number);
  Decimal by = ToDecimal(divisor);
  if (value.digits == 0) return true;
  if (by.digits == 0) return false;
  if (value.exponent >= by.exponent) {
    unsigned __int128 rest = value.digits % by.digits;
    for (int i = by.exponent; i < value.exponent && rest != 0; ++i) rest = rest * 10 % by.digits;
    return rest == 0;
  }
  for (int i = value.exponent; i < by.exponent; ++i) {
    if (by.digits > value.digits) return false;
    by.digits *= 10;
  }
  return value.digits % by.digits == 0;
}

}  // namespace penstock::json_schema
