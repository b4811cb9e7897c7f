SELECT generation FROM workflow.route_generations WHERE tenant_id = $1
