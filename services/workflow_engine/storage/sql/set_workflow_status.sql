UPDATE workflow.workflows SET status = $3, version = $4, revision = revision + 1
WHERE tenant_id = $1 AND workflow_id = $2
RETURNING workflow_id, tenant_id, project_id, name, description, service_display_name, status, version, tags, created_at, updated_at, revision,
          nodes, edges, variables, settings
