INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, description, service_display_name, tags,
                                nodes, edges, variables, settings, request_id, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant_id, request_id) WHERE request_id IS NOT NULL DO NOTHING
RETURNING workflow_id, tenant_id, project_id, name, description, service_display_name, status, version, tags, created_at, updated_at, revision,
          nodes, edges, variables, settings
