-- Changes of who may do what wait for each other: else two owners could each take the role from the other.
SELECT FROM tenancy.tenants WHERE tenant_id = $1 FOR NO KEY UPDATE
