UPDATE workflow.shard_leases SET owner = NULL, epoch = epoch + 1 WHERE owner = $1 AND shard_id = ANY ($2::smallint[])
