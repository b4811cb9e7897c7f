#include "libs/lifecycle/thread_name.h"

#include <pthread.h>

namespace penstock::lifecycle {

void NameThread(const std::string& name) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

}  // namespace penstock::lifecycle
