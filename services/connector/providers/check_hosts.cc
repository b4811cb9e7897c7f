#include "services/connector/providers/check_hosts.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "re2/re2.h"
#include "services/connector/providers/host_pattern.h"
#include "services/connector/providers/url_template.h"
#include "services/connector/providers/variables.h"

namespace penstock::connector {
namespace {

using v1::Provider;
using Variable = Provider::Variable;

// What a pattern must not admit, whatever the code that fills it in would refuse besides.
constexpr const char* kHostile[] = {"evil.com/#", "a/b", "a.b",  "a@b",   "a:1",
                                    "a?b",        "a#b", "a\\b", "a%2fb", "..",
                                    "a b",        "a\n", "",     "{a}",   "a\r\nb: c"};

const Variable* FindVariable(const Provider& provider, const std::string& name) {
  const auto found = std::ranges::find(provider.variables(), name, &Variable::name);
  return found == provider.variables().end() ? nullptr : &*found;
}

// False when values can't be held against it.
bool CheckPattern(const Variable& variable, const std::string& field, Problems& problems) {
  const std::unique_ptr<RE2> pattern = CompilePattern(variable.pattern());
  if (pattern == nullptr) {
    AddProblem(problems, field, "must be a small RE2 expression from ^ to $ of at most 200 bytes");
    return false;
  }
  for (const std::string hostile : kHostile) {
    const bool is_allowed = variable.kind() != Variable::KIND_LABEL && hostile == "a.b";
    if (is_allowed || !RE2::PartialMatch(hostile, *pattern)) continue;
    AddProblem(problems, field, "admits what is no single label or segment");
    break;
  }
  return true;
}

void CheckValues(const Variable& variable, const std::string& field, Problems& problems) {
  const auto check = [&](const std::string& value, const std::string& at) {
    const absl::Status checked = CheckValue(variable, value);
    if (!checked.ok()) AddProblem(problems, at, std::string(checked.message()));
  };
  for (int v = 0; v < variable.values_size(); ++v) {
    check(variable.values(v), Element(field + ".values", v));
  }
  check(variable.example(), field + ".example");
  if (!variable.default_value().empty()) check(variable.default_value(), field + ".default_value");
}

void CheckVariable(const Provider& provider, int i, Problems& problems) {
  static const RE2& name = *new RE2("[a-z][a-z0-9_]{0,31}");
  const Variable& variable = provider.variables(i);
  const std::string field = Element("variables", i);
  if (!RE2::FullMatch(variable.name(), name)) {
    AddProblem(problems, field + ".name", "must be lower case letters, digits and underscores");
  } else if (FindVariable(provider, variable.name()) != &variable) {
    AddProblem(problems, field + ".name", "is declared twice");
  }
  if (variable.description().empty() || variable.description().size() > 300) {
    AddProblem(problems, field + ".description", "must tell people what to give, in 300 bytes");
  }
  if (!Variable::Kind_IsValid(variable.kind()) || variable.kind() == Variable::KIND_UNSPECIFIED) {
    AddProblem(problems, field + ".kind",
               "must be KIND_LABEL, KIND_SEGMENT or KIND_HOST_FROM_LIST");
  }
  if (variable.values_size() > 100) {
    return AddProblem(problems, field + ".values", "must be at most 100");
  }
  if (variable.kind() == Variable::KIND_HOST_FROM_LIST && variable.values().empty()) {
    AddProblem(problems, field + ".values", "must name every host");
  }
  if (CheckPattern(variable, field + ".pattern", problems)) {
    CheckValues(variable, field, problems);
  }
}

// Values that stand for all others of a variable: each of a list, else a label that no host can
// have been written for.
std::vector<std::string> Representatives(const Variable& variable) {
  if (!variable.values().empty()) return {variable.values().begin(), variable.values().end()};
  return {"any-label-0-at-all"};
}

// Every representative of each variable, the others at their first. The variables are declared.
std::vector<VariableValues> Fillings(const Provider& provider, const UrlTemplate& url) {
  VariableValues first;
  std::vector<VariableValues> fillings;
  for (const std::string& name : url.VariableNames()) {
    first[name] = Representatives(*FindVariable(provider, name))[0];
  }
  fillings.push_back(first);
  for (const auto& [name, value] : first) {
    for (const std::string& other : Representatives(*FindVariable(provider, name))) {
      fillings.push_back(first);
      fillings.back()[name] = other;
    }
  }
  return fillings;
}

bool KindFits(const UrlTemplate& url, const Variable& variable) {
  const auto has = [&](const std::vector<UrlTemplate::Piece>& pieces) {
    return std::ranges::any_of(pieces, [&](const UrlTemplate::Piece& piece) {
      return piece.is_variable && piece.text == variable.name();
    });
  };
  const Variable::Kind of_host =
      url.host_is_variable() ? Variable::KIND_HOST_FROM_LIST : Variable::KIND_LABEL;
  return (!has(url.labels()) || variable.kind() == of_host) &&
         (!has(url.segments()) || variable.kind() == Variable::KIND_SEGMENT);
}

}  // namespace

void CheckHosts(const Provider& provider, Problems& problems) {
  if (provider.hosts().empty() || provider.hosts_size() > 50) {
    AddProblem(problems, "hosts", "must be 1 to 50");
  }
  for (int i = 0; i < provider.hosts_size(); ++i) {
    if (!IsHostPattern(provider.hosts(i))) {
      AddProblem(
          problems, Element("hosts", i),
          "must be a host name in lower case or *.example.com, without scheme, port or path");
    } else if (provider.hosts(i).starts_with("*.") && !IsHostName(provider.hosts(i).substr(2))) {
      AddProblem(problems, Element("hosts", i), "must not be all of a top-level domain");
    }
  }
}

void CheckTenantHosts(const Provider& provider, Problems& problems) {
  for (int i = 0; i < provider.hosts_size(); ++i) {
    const std::string& host = provider.hosts(i);
    if (!IsPublicName(host)) {
      AddProblem(problems, Element("hosts", i), "must be a name of the public DNS");
    } else if (host.starts_with("*.") && LooksLikePublicSuffix(host.substr(2))) {
      AddProblem(problems, Element("hosts", i),
                 "must not be a wildcard over names that anybody can register");
    }
  }
}

void CheckVariables(const Provider& provider, Problems& problems) {
  if (provider.variables_size() > 10) {
    AddProblem(problems, "variables", "must be at most 10");
    return;
  }
  for (int i = 0; i < provider.variables_size(); ++i) CheckVariable(provider, i, problems);
}

void CheckUrl(const Provider& provider, const std::string& text, std::string_view field,
              Problems& problems) {
  const absl::StatusOr<UrlTemplate> url = UrlTemplate::Parse(text);
  if (!url.ok()) return AddProblem(problems, field, std::string(url.status().message()));
  for (const std::string& name : url->VariableNames()) {
    const Variable* variable = FindVariable(provider, name);
    if (variable == nullptr) {
      return AddProblem(problems, field, fmt::format("has {{{}}}, which is not declared", name));
    }
    if (!KindFits(*url, *variable)) {
      return AddProblem(problems, field,
                        fmt::format("has {{{}}} where its kind does not fit", name));
    }
  }
  for (const VariableValues& values : Fillings(provider, *url)) {
    if (const absl::Status filled = url->Fill(values, provider.hosts()).status(); !filled.ok()) {
      return AddProblem(problems, field, std::string(filled.message()));
    }
  }
}

void CheckBaseUrl(const Provider& provider, Problems& problems) {
  CheckUrl(provider, provider.base_url(), "base_url", problems);
}

}  // namespace penstock::connector
