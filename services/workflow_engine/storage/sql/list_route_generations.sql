SELECT tenant_id, generation FROM workflow.route_generations WHERE tenant_id = ANY ($1::uuid[])
