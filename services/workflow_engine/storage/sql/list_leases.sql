SELECT shard_id::int, owner FROM workflow.shard_leases
