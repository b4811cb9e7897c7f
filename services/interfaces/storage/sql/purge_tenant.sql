SELECT tenancy.purge_tenant($1, $2)
