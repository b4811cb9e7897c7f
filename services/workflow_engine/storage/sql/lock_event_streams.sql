SELECT workflow.lock_event_streams($1::uuid[])
