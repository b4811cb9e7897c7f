SELECT connector.drop_old_attempts($1)
