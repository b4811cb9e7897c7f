UPDATE workflow.workflows
SET name = $3, description = $4, service_display_name = $5, tags = $6, nodes = $7, edges = $8, variables = $9, settings = $10,
    revision = revision + 1
WHERE tenant_id = $1 AND workflow_id = $2
RETURNING workflow_id, tenant_id, project_id, name, description, service_display_name, status, version, tags, created_at, updated_at, revision,
          nodes, edges, variables, settings
