SELECT workflow_id, tenant_id, project_id, name, description, service_display_name, status, version, tags, created_at, updated_at, revision,
       nodes, edges, variables, settings
FROM workflow.workflows WHERE tenant_id = $1 AND workflow_id = $2 FOR NO KEY UPDATE
