SELECT nodes, edges, variables, settings, published_at
FROM workflow.workflow_versions WHERE tenant_id = $1 AND workflow_id = $2 AND version = $3
