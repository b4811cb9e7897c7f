#include "libs/curl/easy.h"

#include <cstdlib>

namespace penstock::curl {

bool Initialize() {
  static const CURLcode kInitialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kInitialized == CURLE_OK;
}

Easy NewEasy(const std::string& ca_file) {
  CURL* easy = Initialize() ? curl_easy_init() : nullptr;
  if (easy == nullptr) std::abort();  // out of memory: nothing sensible can follow
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Lets an abandoned look-up end by itself instead of holding up every other request.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  return Easy(easy);
}

void Append(List& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

}  // namespace penstock::curl
