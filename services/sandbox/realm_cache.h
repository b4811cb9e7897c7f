// The realms of this process, one for each tenant, the least recently used leaving first.
//
// One realm for each tenant and not for each script: a realm costs about half a megabyte and a
// millisecond, is immutable once hardened, and so tells two scripts of one tenant nothing of each
// other.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "services/sandbox/realm.h"

namespace penstock::sandbox {

class RealmCache {
 public:
  explicit RealmCache(size_t capacity) : capacity_(capacity) {}

  // The tenant's realm, made when there is none. Null when out of memory.
  Realm* Get(JSContext* cx, std::string_view tenant) {
    const std::string key(tenant);
    if (auto it = index_.find(key); it != index_.end()) {
      order_.splice(order_.begin(), order_, it->second);
      return it->second->second.get();
    }
    std::unique_ptr<Realm> realm = Realm::Create(cx);
    if (!realm) return nullptr;
    if (order_.size() >= capacity_) DropOldest();
    order_.emplace_front(key, std::move(realm));
    index_[key] = order_.begin();
    return order_.front().second.get();
  }

  void Drop(std::string_view tenant) {
    auto it = index_.find(std::string(tenant));
    if (it == index_.end()) return;
    order_.erase(it->second);
    index_.erase(it);
  }

  void DropOldest() {
    index_.erase(order_.back().first);
    order_.pop_back();
  }

  void Forget(std::string_view hash) {
    for (auto& [tenant, realm] : order_) realm->Forget(hash);
  }

  size_t size() const { return order_.size(); }

 private:
  using Order = std::list<std::pair<std::string, std::unique_ptr<Realm>>>;
  size_t capacity_;
  Order order_;  // most recently used first
  std::unordered_map<std::string, Order::iterator> index_;
};

}  // namespace penstock::sandbox
