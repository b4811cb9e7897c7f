INSERT INTO tenancy.users (tenant_id, user_id, email, first_name, last_name) VALUES ($1, $2, $3, $4, $5)
