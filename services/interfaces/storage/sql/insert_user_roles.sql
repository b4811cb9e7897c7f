INSERT INTO tenancy.user_roles (tenant_id, user_id, role) SELECT $1, $2, unnest($3::text[])
