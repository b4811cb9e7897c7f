SELECT shard_id::int, epoch FROM workflow.take_shards($1, $2::smallint[])
