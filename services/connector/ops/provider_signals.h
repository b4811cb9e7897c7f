// What a provider of the catalogue says about its answers, as calls understand it.
#pragma once

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/outbound/signals.h"

namespace penstock::connector {

// Nothing of what can't be understood: a call is better made with less knowledge than not at all.
ResponseSignals SignalsOf(const connector::v1::Provider& provider);

}  // namespace penstock::connector
