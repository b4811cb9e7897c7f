SELECT workflow.lock_owner($1)
