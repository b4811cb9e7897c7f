// A libcurl handle with what holds for every connection of ours: nothing of the environment decides
// where it goes (no proxy, no .netrc), no signals, TLS 1.2 at least with certificates checked, no
// redirects followed by itself. What is asked, and of whom, is the caller's.
#pragma once

#include <memory>
#include <string>

#include "curl/curl.h"

namespace penstock::curl {

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;

struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListCleanup>;

// False when libcurl can't be used at all. Safe from any thread, also more than once.
bool Initialize();

// `ca_file` is PEM, trusted in place of the system's; empty = the system's. Never null: without
// memory the process ends.
Easy NewEasy(const std::string& ca_file = "");

void Append(List& list, const std::string& line);

}  // namespace penstock::curl
