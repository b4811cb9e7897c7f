SELECT interface.service_of($1, $2)
