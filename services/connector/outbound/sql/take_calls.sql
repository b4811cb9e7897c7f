SELECT granted, wait_seconds FROM connector.take_calls($1, $2, $3, $4, $5, $6)
