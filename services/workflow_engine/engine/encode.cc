#include "services/workflow_engine/engine/encode.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "libs/crypto/hash.h"
#include "services/workflow_engine/engine/payload_reference.h"
#include "services/workflow_engine/storage/batch_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Array;
using postgres::Bytes;
using postgres::Json;
using postgres::Params;
using postgres::Pipeline;

int32_t Shard(ExecutionId id) { return ShardOf(id); }

// Columns of payloads too large for their row.
class LargePayloads {
 public:
  void Append(Array<postgres::Json>& column, TenantId tenant, const Text& text) {
    if (!text) {
      column.AppendNull();
    } else if (text->size() <= kInlinePayloadBytes) {
      column.Append(Json{*text});
    } else {
      std::string hash = crypto::Sha256(*text);
      column.Append(Json{PayloadReference(hash)});
      tenants_.Append(tenant.uuid());
      hashes_.Append(Bytes{hash});
      contents_.Append(Json{*text});
    }
  }

  void Add(Pipeline& pipeline) {
    if (tenants_.size() == 0) return;
    pipeline.Add(queries::kInsertPayloads, std::move(Params().Add(tenants_).Add(hashes_).Add(contents_)));
  }

 private:
  Array<Uuid> tenants_;
  Array<Bytes> hashes_;
  Array<postgres::Json> contents_;
};

void AppendEnding(Array<std::string_view>& column, const std::optional<ExecutionState>& ending) {
  ending ? column.Append(ExecutionStateName(*ending)) : column.AppendNull();
}

void AppendNonEmpty(Array<std::string_view>& column, std::string_view text) {
  text.empty() ? column.AppendNull() : column.Append(text);
}

template <typename T, typename Id>
void AppendId(Array<T>& column, const std::optional<Id>& id) {
  id ? column.Append(id->uuid()) : column.AppendNull();
}

void AddOwnership(absl::Span<const ChangeSet> sets, const Uuid& boot_id, const ShardEpochs& epochs, Pipeline& pipeline) {
  std::array<bool, kShards> touched{};
  for (const ChangeSet& set : sets) {
    for (ShardId shard : set.shards) touched[shard] = true;
  }
  Array<int32_t> shards;
  Array<int64_t> expected;
  for (int s = 0; s < kShards; ++s) {
    if (!touched[s]) continue;
    shards.Append(s);
    expected.Append(epochs[s]);
  }
  pipeline.Add(queries::kLockOwner, std::move(Params().Add(boot_id)));
  pipeline.Add(queries::kProveOwnership, std::move(Params().Add(boot_id).Add(shards).Add(expected)));
}

void AddReceipts(absl::Span<const ChangeSet> sets, LargePayloads& large, Pipeline& pipeline) {
  Array<Uuid> ids, tenants, executions, redelivery_of;
  Array<std::string_view> trigger_types, action_types, delivery_ids, outcomes;
  Array<postgres::Json> payloads, headers, queries;
  Array<int32_t> first, count;
  Array<absl::Time> received;
  for (const ChangeSet& set : sets) {
    for (const ReceiptRow& row : set.receipts) {
      ids.Append(row.id.uuid());
      tenants.Append(row.tenant.uuid());
      trigger_types.Append(row.trigger_type);
      action_types.Append(row.action_type);
      large.Append(payloads, row.tenant, row.payload);
      large.Append(headers, row.tenant, row.headers);
      large.Append(queries, row.tenant, row.query);
      row.delivery_id ? delivery_ids.Append(*row.delivery_id) : delivery_ids.AppendNull();
      outcomes.Append(row.outcome);
      first.Append(executions.size());
      count.Append(static_cast<int32_t>(row.executions.size()));
      for (ExecutionId id : row.executions) executions.Append(id.uuid());
      AppendId(redelivery_of, row.redelivery_of);
      received.Append(row.received_at);
    }
  }
  if (ids.size() == 0) return;
  pipeline.Add(queries::kInsertWebhooks, std::move(Params()
                                                       .Add(ids)
                                                       .Add(tenants)
                                                       .Add(trigger_types)
                                                       .Add(action_types)
                                                       .Add(payloads)
                                                       .Add(headers)
                                                       .Add(queries)
                                                       .Add(delivery_ids)
                                                       .Add(outcomes)
                                                       .Add(executions)
                                                       .Add(first)
                                                       .Add(count)
                                                       .Add(redelivery_of)
                                                       .Add(received)));
}

void AddKeys(absl::Span<const ChangeSet> sets, Pipeline& pipeline) {
  Array<int32_t> shards;
  Array<Uuid> tenants, executions;
  Array<std::string_view> keys;
  Array<Bytes> hashes;
  for (const ChangeSet& set : sets) {
    for (const KeyRow& row : set.keys) {
      shards.Append(row.shard);
      tenants.Append(row.tenant.uuid());
      keys.Append(row.key);
      executions.Append(row.execution.uuid());
      hashes.Append(Bytes{row.request_hash});
    }
  }
  if (shards.size() == 0) return;
  pipeline.Add(queries::kInsertExecutionKeys, std::move(Params().Add(shards).Add(tenants).Add(keys).Add(executions).Add(hashes)));
}

void AddNewExecutions(absl::Span<const ChangeSet> sets, LargePayloads& large, Pipeline& pipeline) {
  Array<int32_t> shards, versions;
  Array<Uuid> ids, tenants, workflows, webhooks;
  Array<std::string_view> states, endings, trigger_types, trigger_nodes, keys;
  Array<postgres::Json> inputs, results, errors;
  Array<absl::Time> started, updated, completed;
  for (const ChangeSet& set : sets) {
    for (const ExecutionRow& row : set.executions) {
      if (!row.is_new) continue;
      const ExecutionIdentity& identity = *row.identity;
      shards.Append(Shard(identity.id));
      ids.Append(identity.id.uuid());
      tenants.Append(identity.tenant.uuid());
      workflows.Append(identity.workflow.uuid());
      versions.Append(identity.version);
      states.Append(ExecutionStateName(row.state));
      AppendEnding(endings, row.ending);
      trigger_types.Append(identity.trigger_type);
      trigger_nodes.Append(identity.trigger_node);
      large.Append(inputs, identity.tenant, identity.input);
      large.Append(results, identity.tenant, row.result);
      large.Append(errors, identity.tenant, row.error);
      AppendNonEmpty(keys, identity.idempotency_key);
      AppendId(webhooks, identity.webhook);
      started.Append(identity.started_at);
      updated.Append(row.updated_at);
      IsOver(row.state) ? completed.Append(row.updated_at) : completed.AppendNull();
    }
  }
  if (ids.size() == 0) return;
  pipeline.Add(queries::kInsertExecutions, std::move(Params()
                                                         .Add(shards)
                                                         .Add(ids)
                                                         .Add(tenants)
                                                         .Add(workflows)
                                                         .Add(versions)
                                                         .Add(states)
                                                         .Add(endings)
                                                         .Add(trigger_types)
                                                         .Add(trigger_nodes)
                                                         .Add(inputs)
                                                         .Add(results)
                                                         .Add(errors)
                                                         .Add(keys)
                                                         .Add(webhooks)
                                                         .Add(started)
                                                         .Add(updated)
                                                         .Add(completed)));
}

void AddChangedExecutions(absl::Span<const ChangeSet> sets, LargePayloads& large, Pipeline& pipeline) {
  Array<int32_t> shards;
  Array<Uuid> ids;
  Array<std::string_view> states, endings;
  Array<postgres::Json> results, errors;
  Array<absl::Time> updated, completed;
  for (const ChangeSet& set : sets) {
    for (const ExecutionRow& row : set.executions) {
      if (row.is_new) continue;
      shards.Append(Shard(row.identity->id));
      ids.Append(row.identity->id.uuid());
      states.Append(ExecutionStateName(row.state));
      AppendEnding(endings, row.ending);
      large.Append(results, row.identity->tenant, row.result);
      large.Append(errors, row.identity->tenant, row.error);
      updated.Append(row.updated_at);
      IsOver(row.state) ? completed.Append(row.updated_at) : completed.AppendNull();
    }
  }
  if (ids.size() == 0) return;
  pipeline.Add(queries::kUpdateExecutions,
               std::move(Params().Add(shards).Add(ids).Add(states).Add(endings).Add(results).Add(errors).Add(updated).Add(completed)));
}

void AddNodes(absl::Span<const ChangeSet> sets, LargePayloads& large, Pipeline& pipeline) {
  Array<int32_t> shards, sequences, visits, attempts;
  Array<Uuid> executions, tenants;
  Array<std::string_view> node_ids, node_types, states, branches, taken;
  Array<postgres::Json> inputs, outputs, errors, answer_heads;
  Array<absl::Time> started, completed;
  for (const ChangeSet& set : sets) {
    for (const NodeRow& row : set.nodes) {
      shards.Append(Shard(row.execution));
      executions.Append(row.execution.uuid());
      sequences.Append(row.sequence);
      tenants.Append(row.tenant.uuid());
      node_ids.Append(row.node_id);
      node_types.Append(row.node_type);
      visits.Append(row.visit);
      attempts.Append(row.attempt);
      states.Append(NodeStateName(row.state));
      AppendNonEmpty(branches, row.branch);
      row.taken_edges ? taken.Append(fmt::format("{{{}}}", fmt::join(*row.taken_edges, ","))) : taken.AppendNull();
      large.Append(inputs, row.tenant, row.input);
      large.Append(outputs, row.tenant, row.output);
      large.Append(errors, row.tenant, row.error);
      row.answer_head ? answer_heads.Append(Json{*row.answer_head}) : answer_heads.AppendNull();
      started.Append(row.started_at);
      completed.Append(row.completed_at);
    }
  }
  if (shards.size() == 0) return;
  pipeline.Add(queries::kInsertNodeExecutions, std::move(Params()
                                                             .Add(shards)
                                                             .Add(executions)
                                                             .Add(sequences)
                                                             .Add(tenants)
                                                             .Add(node_ids)
                                                             .Add(node_types)
                                                             .Add(visits)
                                                             .Add(attempts)
                                                             .Add(states)
                                                             .Add(branches)
                                                             .Add(taken)
                                                             .Add(inputs)
                                                             .Add(outputs)
                                                             .Add(errors)
                                                             .Add(answer_heads)
                                                             .Add(started)
                                                             .Add(completed)));
}

void AddClosedNodes(absl::Span<const ChangeSet> sets, Pipeline& pipeline) {
  Array<int32_t> shards, visits;
  Array<Uuid> executions;
  Array<std::string_view> node_ids;
  for (const ChangeSet& set : sets) {
    for (const NodeKey& key : set.closed_nodes) {
      shards.Append(Shard(key.execution));
      executions.Append(key.execution.uuid());
      node_ids.Append(key.node_id);
      visits.Append(key.visit);
    }
  }
  if (shards.size() == 0) return;
  pipeline.Add(queries::kDeleteOpenNodes, std::move(Params().Add(shards).Add(executions).Add(node_ids).Add(visits)));
}

void AddOpenNodes(absl::Span<const ChangeSet> sets, Pipeline& pipeline) {
  Array<int32_t> shards, visits, attempts;
  Array<Uuid> executions, tenants, tokens;
  Array<std::string_view> node_ids, states, holders;
  Array<absl::Time> wakes, first_started, started;
  Array<postgres::Json> errors;
  for (const ChangeSet& set : sets) {
    for (const OpenNodeRow& row : set.open_nodes) {
      shards.Append(Shard(row.execution));
      executions.Append(row.execution.uuid());
      node_ids.Append(row.node_id);
      visits.Append(row.visit);
      tenants.Append(row.tenant.uuid());
      attempts.Append(row.attempt);
      states.Append(NodeStateName(row.state));
      holders.Append(HeldByName(row.held_by));
      wakes.Append(row.wake_at);
      tokens.Append(row.token);
      row.last_error ? errors.Append(Json{*row.last_error}) : errors.AppendNull();
      first_started.Append(row.first_started_at);
      started.Append(row.started_at);
    }
  }
  if (shards.size() == 0) return;
  pipeline.Add(queries::kUpsertOpenNodes, std::move(Params()
                                                        .Add(shards)
                                                        .Add(executions)
                                                        .Add(node_ids)
                                                        .Add(visits)
                                                        .Add(tenants)
                                                        .Add(attempts)
                                                        .Add(states)
                                                        .Add(holders)
                                                        .Add(wakes)
                                                        .Add(tokens)
                                                        .Add(errors)
                                                        .Add(first_started)
                                                        .Add(started)));
}

void AddTimers(absl::Span<const ChangeSet> sets, std::vector<TimerRow> ChangeSet::*rows, bool cancel, Pipeline& pipeline) {
  Array<int32_t> shards, visits;
  Array<Uuid> executions, tenants;
  Array<std::string_view> purposes, node_ids;
  Array<absl::Time> fires;
  for (const ChangeSet& set : sets) {
    for (const TimerRow& row : set.*rows) {
      shards.Append(Shard(row.execution));
      executions.Append(row.execution.uuid());
      purposes.Append(TimerPurposeName(row.purpose));
      node_ids.Append(row.node_id);
      visits.Append(row.visit);
      if (cancel) continue;
      tenants.Append(row.tenant.uuid());
      fires.Append(row.fires_at);
    }
  }
  if (shards.size() == 0) return;
  Params params;
  params.Add(shards).Add(executions).Add(purposes).Add(node_ids).Add(visits);
  if (!cancel) params.Add(tenants).Add(fires);
  pipeline.Add(cancel ? queries::kDeleteTimers : queries::kUpsertTimers, std::move(params));
}

void AddOpenExecutions(absl::Span<const ChangeSet> sets, Pipeline& pipeline) {
  Array<int32_t> shards, closed_shards;
  Array<Uuid> executions, tenants, closed;
  for (const ChangeSet& set : sets) {
    for (const ExecutionIdentity* identity : set.opened) {
      shards.Append(Shard(identity->id));
      executions.Append(identity->id.uuid());
      tenants.Append(identity->tenant.uuid());
    }
    for (ExecutionId id : set.closed) {
      closed_shards.Append(Shard(id));
      closed.Append(id.uuid());
    }
  }
  if (shards.size() > 0) {
    pipeline.Add(queries::kInsertOpenExecutions, std::move(Params().Add(shards).Add(executions).Add(tenants)));
  }
  if (closed.size() > 0) {
    pipeline.Add(queries::kDeleteOpenExecutions, std::move(Params().Add(closed_shards).Add(closed)));
  }
}

void AddSignals(absl::Span<const ChangeSet> sets, LargePayloads& large, Pipeline& pipeline) {
  Array<int32_t> shards, sequences;
  Array<Uuid> executions, tenants;
  Array<std::string_view> names, ids;
  Array<postgres::Json> payloads;
  Array<absl::Time> received;
  for (const ChangeSet& set : sets) {
    for (const SignalRow& row : set.signals) {
      shards.Append(Shard(row.execution));
      executions.Append(row.execution.uuid());
      sequences.Append(row.sequence);
      tenants.Append(row.tenant.uuid());
      names.Append(row.name);
      AppendNonEmpty(ids, row.dedupe_id);
      large.Append(payloads, row.tenant, row.payload);
      received.Append(row.received_at);
    }
  }
  if (shards.size() == 0) return;
  pipeline.Add(queries::kInsertSignals,
               std::move(Params().Add(shards).Add(executions).Add(sequences).Add(tenants).Add(names).Add(ids).Add(payloads).Add(received)));
}

void AddEvents(absl::Span<const ChangeSet> sets, absl::Time now, Pipeline& pipeline) {
  Array<Uuid> ids, tenants, workflows, executions, streams;
  Array<int32_t> ordinals;
  Array<std::string_view> types;
  Array<postgres::Json> payloads;
  Array<absl::Time> times;
  std::map<TenantId, int32_t> last;
  for (const ChangeSet& set : sets) {
    for (const EventRow& row : set.events) {
      ids.Append(Uuid::MakeV7(now));
      tenants.Append(row.tenant.uuid());
      ordinals.Append(++last[row.tenant]);
      types.Append(row.type);
      AppendId(workflows, row.workflow);
      AppendId(executions, row.execution);
      payloads.Append(Json{row.payload});
      times.Append(row.at);
    }
  }
  if (ids.size() == 0) return;
  for (const auto& [tenant, count] : last) streams.Append(tenant.uuid());
  pipeline.Add(queries::kLockEventStreams, std::move(Params().Add(streams)));
  pipeline.Add(queries::kInsertEvents, std::move(Params()
                                                     .Add(ids)
                                                     .Add(tenants)
                                                     .Add(ordinals)
                                                     .Add(types)
                                                     .Add(workflows)
                                                     .Add(executions)
                                                     .Add(payloads)
                                                     .Add(times)
                                                     .Add(streams)));
}

}  // namespace

void AddTransaction(absl::Span<const ChangeSet> sets, const Uuid& boot_id, const ShardEpochs& shards, absl::Time now,
                    Pipeline& pipeline) {
  LargePayloads large;
  pipeline.Add(postgres::kBegin);
  AddOwnership(sets, boot_id, shards, pipeline);
  AddReceipts(sets, large, pipeline);
  AddKeys(sets, pipeline);
  AddNewExecutions(sets, large, pipeline);
  AddChangedExecutions(sets, large, pipeline);
  AddNodes(sets, large, pipeline);
  AddClosedNodes(sets, pipeline);
  AddOpenNodes(sets, pipeline);
  AddTimers(sets, &ChangeSet::cancelled_timers, true, pipeline);
  AddTimers(sets, &ChangeSet::timers, false, pipeline);
  AddOpenExecutions(sets, pipeline);
  AddSignals(sets, large, pipeline);
  large.Add(pipeline);
  AddEvents(sets, now, pipeline);
  pipeline.Add(postgres::kCommit);
}

}  // namespace penstock::workflow_engine
