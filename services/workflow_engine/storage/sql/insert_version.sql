INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
SELECT tenant_id, workflow_id, $3, nodes, edges, variables, settings
FROM workflow.workflows WHERE tenant_id = $1 AND workflow_id = $2
