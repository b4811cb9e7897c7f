INSERT INTO workflow.triggers (tenant_id, workflow_id, version, node_id, trigger_type, action_type, config)
SELECT $1, $2, $3, t.node_id, t.trigger_type, t.action_type, t.config
FROM unnest($4::text[], $5::text[], $6::text[], $7::jsonb[]) AS t (node_id, trigger_type, action_type, config)
