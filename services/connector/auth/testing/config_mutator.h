// Configs that are nearly right: an example with parts replaced, dropped or added.
#pragma once

#include <cstdint>
#include <random>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

class ConfigMutator {
 public:
  explicit ConfigMutator(uint32_t seed) : random_(seed) {}

  Json Mutate(Json config);

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  Json Junk();
  void Change(Json& value);

  std::mt19937 random_;
};

}  // namespace penstock::connector
