-- Open executions that nothing holds, nodes whose wake-up has no row, and nodes that have been running for a while (the caller knows which
-- of those are in its memory). Those begun after $2 are only under way.
(SELECT o.execution_id, 'no_open_node' FROM workflow.open_executions o
 WHERE o.shard_id = ANY ($1::smallint[]) AND o.execution_id < workflow.uuid_floor($2)
   AND NOT EXISTS (SELECT FROM workflow.open_nodes n WHERE n.shard_id = o.shard_id AND n.execution_id = o.execution_id)
 LIMIT $3)
UNION ALL
(SELECT n.execution_id, 'no_timer' FROM workflow.open_nodes n
 WHERE n.shard_id = ANY ($1::smallint[]) AND n.wake_at IS NOT NULL AND n.held_by <> 'queue' AND n.started_at < $2
   AND NOT EXISTS (SELECT FROM workflow.timers t WHERE t.shard_id = n.shard_id AND t.execution_id = n.execution_id AND t.purpose = 'node'
                   AND t.node_id = n.node_id AND t.visit = n.visit)
 LIMIT $3)
UNION ALL
(SELECT n.execution_id, 'lease' FROM workflow.open_nodes n
 WHERE n.shard_id = ANY ($1::smallint[]) AND n.held_by = 'lease' AND n.started_at < $2
 LIMIT $3)
