// A provider that is right under every rule, for tests to make wrong in one thing.
#pragma once

#include "penstock/connector/v1/provider.pb.h"

namespace penstock::connector::testing {

// Id "acme-erp": one label and one segment variable, oauth2, api_key and custom methods, verified
// on 2026-11-01.
v1::Provider SampleProvider();

}  // namespace penstock::connector::testing
