INSERT INTO workflow.route_generations (tenant_id) VALUES ($1) ON CONFLICT (tenant_id) DO UPDATE SET generation = route_generations.generation + 1
