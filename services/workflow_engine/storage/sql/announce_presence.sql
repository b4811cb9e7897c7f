SELECT workflow.announce_presence($1)
